-- Dead letters with what was done about each: open until the newest act on it is a replay or a discard. Without the payload.
CREATE VIEW ops.dead_letter DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    concat(d.topic, '/', toString(d.kafka_partition), '/', toString(d.kafka_offset)) AS letter,
    d.event_type AS event_type, d.source AS source, d.event_id AS event_id, d.stage AS stage, d.reason AS reason,
    d.field AS field, d.message AS message, d.received_at AS received_at,
    multiIf(a.last_action = 'dead_letter.replay', 'replayed', a.last_action = 'dead_letter.discard', 'discarded', 'open') AS state,
    if(a.object = '', NULL, a.last_at) AS acted_at,
    a.last_actor AS actor
FROM landing.dead_letter AS d FINAL
LEFT JOIN
(
    SELECT object, argMax(action, at) AS last_action, argMax(actor, at) AS last_actor, max(at) AS last_at
    FROM ops.audit
    WHERE action IN ('dead_letter.replay', 'dead_letter.discard') AND outcome = 'done'
    GROUP BY object
) AS a ON a.object = concat(d.topic, '/', toString(d.kafka_partition), '/', toString(d.kafka_offset));
