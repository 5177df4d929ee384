// How cards look: the measures and colours that the card renderer needs to know, for each theme.

const PALETTES = {
  light: {
    ...{ text: '#1f2523', subtle: '#5d6763', accent: '#0b655e', good: '#1a7440' },
    ...{ warning: '#8a5a00', attention: '#b3261e', emphasis: '#f1f4f2', line: '#dde3e0' },
    ...{ goodFill: '#d2ecda', warningFill: '#fdf3dc', attentionFill: '#fce9e7', accentFill: '#c9e8e4' },
  },
  dark: {
    ...{ text: '#e8ecea', subtle: '#a3aeaa', accent: '#6fd6c8', good: '#74d399' },
    ...{ warning: '#f0c263', attention: '#ff9a8f', emphasis: '#2a302e', line: '#3a423f' },
    ...{ goodFill: '#1f4a31', warningFill: '#3a2f17', attentionFill: '#44211e', accentFill: '#1d4a44' },
  },
  // As in Teams, nothing is told by a fill; containers have borders instead.
  contrast: {
    ...{ text: '#ffffff', subtle: '#ffffff', accent: '#ffff01', good: '#3ff23f' },
    ...{ warning: '#ffff01', attention: '#ffff01', emphasis: '#000000', line: '#ffffff' },
    ...{ goodFill: '#000000', warningFill: '#000000', attentionFill: '#000000', accentFill: '#000000' },
  },
};

/** @param {'light' | 'dark' | 'contrast'} theme */
export function hostConfig(theme) {
  const palette = PALETTES[theme];
  const tone = (color) => ({ default: color, subtle: color });
  const foregroundColors = {
    default: { default: palette.text, subtle: palette.subtle },
    dark: { default: palette.text, subtle: palette.subtle },
    light: { default: palette.subtle, subtle: palette.subtle },
    accent: tone(palette.accent),
    good: tone(palette.good),
    warning: tone(palette.warning),
    attention: tone(palette.attention),
  };
  const container = (backgroundColor) => ({ backgroundColor, borderColor: palette.line, foregroundColors });
  return {
    fontFamily: 'inherit',
    supportsInteractivity: true,
    fontSizes: { small: 12, default: 14, medium: 15, large: 18, extraLarge: 22 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    lineHeights: { small: 17, default: 20, medium: 21, large: 24, extraLarge: 28 },
    spacing: { small: 4, default: 8, medium: 12, large: 20, extraLarge: 28, padding: 14 },
    separator: { lineThickness: 1, lineColor: palette.line },
    imageSizes: { small: 40, medium: 80, large: 160 },
    containerStyles: {
      default: container('transparent'),
      emphasis: container(palette.emphasis),
      accent: container(palette.accentFill),
      good: container(palette.goodFill),
      warning: container(palette.warningFill),
      attention: container(palette.attentionFill),
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      showCard: { actionMode: 'inline', inlineTopMargin: 12 },
    },
    factSet: {
      title: { color: 'default', size: 'default', isSubtle: true, weight: 'default', wrap: true, maxWidth: 150 },
      value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
      spacing: 16,
    },
  };
}
