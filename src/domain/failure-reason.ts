// Why a delivery did not arrive: a stable code, and one plain sentence that says what to do.

export const FAILURE_REASONS = {
  throttled: 'Teams asked for a pause (429). Sending goes on by itself.',
  concurrent_operation: 'Teams was busy with another operation in this chat (412). It is tried again by itself.',
  unavailable:
    'The Bot Connector was not available (408, 502, 503 or 504). While queued it is tried again by itself; when held, the message may have been posted: look in the chat before sending again.',
  unreachable_host:
    'The Bot Connector could not be reached. Check DNS, proxy and firewall; it is tried again by itself.',
  unauthorized:
    "The Bot Connector refused the bot's token (401). Check the app id, tenant and secret of the Azure Bot; it is tried again by itself.",
  token_unavailable:
    'Entra ID gave no token. Check the app id, tenant and secret; nothing was sent meanwhile, and it is tried again by itself.',
  server_error:
    'The Bot Connector failed inside (500); the message may or may not have been posted. Look in the chat before sending again.',
  response_lost:
    "The Bot Connector's answer was lost; the message may or may not have been posted. Look in the chat before sending again.",
  response_invalid:
    'The Bot Connector answered success without a message id; the message may or may not have been posted. Look in the chat before sending again.',
  process_ended:
    'The service stopped while the message was on its way; it may or may not have been posted. Look in the chat before sending again.',
  not_in_roster:
    'The bot is no longer installed for this person. They have to install it again; then send a new notification.',
  not_installed:
    'The bot is not installed for this person. They, or an administrator, have to install it; then send this again.',
  blocked_by_user: 'The person has blocked the bot. Once they have unblocked it and written to it, send this again.',
  disabled_by_admin:
    'An administrator has disabled the bot. Have it allowed in the Teams admin center, then send this again.',
  uninstalled:
    'The person removed the bot before the message could be sent. They have to install it again; then send a new notification.',
  person_erased:
    'What was known of the person was erased on request before the message could be sent. They have to remove the bot and install it again; then send a new notification.',
  content_erased:
    'The content was erased, because it was older than it may be kept. It cannot be sent again; send a new notification.',
  conversation_not_found:
    'Teams does not know this chat any more, and opening it again did not help. The person has to write to the bot, or install it again; then send this again.',
  message_not_found:
    'Teams does not know the message any more, and posting it anew did not help. Send a new notification.',
  wrong_identity:
    'The stored ids belong to another bot registration. Set the app id back, or have people install the bot again.',
  wrong_cloud:
    'This tenant is in another Microsoft cloud (GCC), and its address did not work either. Register the bot in that cloud.',
  forbidden:
    'Teams refused the message (403). Check in the Teams admin center what the app may do, then send it again.',
  bad_request:
    'Teams refused the message as malformed (400, or 413 for opening the chat). This is a defect of Bellhop; please report it.',
  too_large: 'Teams refused the message as too large, also in its short form (413). Send less text or fewer facts.',
  rejected:
    'Teams refused the message; the HTTP status of its last attempt says how. Send it again, and report it if it is refused again.',
  untrusted_service_url:
    "The stored service address is not one of Microsoft's; nothing was sent. If it is right, add its host to SERVICE_URL_HOSTS.",
  newer_event: 'An event of the same key that came later took its place before it went out.',
  older_event: 'An event of the same key that happened later was taken in before: this one changes nothing.',
  nothing_shown: 'It was over before the chat showed anything of it, so nobody was disturbed.',
  answered: 'It had been answered, or was over, before it went out.',
  quiet_hours: 'The person has quiet hours. It is sent by itself when they end.',
  daily_digest: 'The person gets a digest once a day. It is sent with it by itself.',
  muted: 'The person does not want to hear from this source, or of this key. They alone can change that, in the chat.',
  opted_out: 'The person wants nothing from the bot. They alone can change that, in the chat.',
  in_digest: 'The person was told in a digest, together with other messages.',
  expired:
    'The time to live ended before the message could be sent. Give it a longer ttl, or look why sending took so long.',
} as const satisfies Record<string, string>;

export type FailureReason = keyof typeof FAILURE_REASONS;

const SENTENCES: ReadonlyMap<string, string> = new Map(Object.entries(FAILURE_REASONS));

/** The sentence of a reason; a code that an older version stored stands for itself. */
export function explainFailure(code: string): string {
  return SENTENCES.get(code) ?? code;
}

/** Whether a text is one of the codes. */
export function isFailureReason(code: string): code is FailureReason {
  return SENTENCES.has(code);
}
