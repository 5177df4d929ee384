// Who can be written to, in the SQL of both engines.

/**
 * Whether a person can be written to: the bot is theirs, or they have never had it and are in a team or group chat that
 * has it.
 *
 * @param personId the column that says who
 */
export function isReachable(personId: string): string {
  return `coalesce(
           (SELECT i.state = 'active' FROM installation i
             WHERE i.person_id = ${personId} AND i.scope = 'personal' LIMIT 1),
           EXISTS (SELECT 1 FROM roster_member r JOIN roster t ON t.id = r.roster_id
                    WHERE r.person_id = ${personId} AND t.state = 'active'))`;
}
