-- Outside ids that were left with a former customer of their fact: the fact could not be written again. And stages that were open beside a later one.

UPDATE external_ids SET customer_id = f.customer_id FROM orders f
WHERE external_ids.entity = 'ORDER' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM order_lines f
WHERE external_ids.entity = 'ORDER_LINE' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM interactions f
WHERE external_ids.entity = 'INTERACTION' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM tickets f
WHERE external_ids.entity = 'TICKET' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM survey_answers f
WHERE external_ids.entity = 'SURVEY_ANSWER' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM opportunities f
WHERE external_ids.entity = 'OPPORTUNITY' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;
UPDATE external_ids SET customer_id = f.customer_id FROM contracts f
WHERE external_ids.entity = 'CONTRACT' AND f.id = external_ids.id AND external_ids.customer_id IS NOT f.customer_id;

UPDATE customer_stages SET "to" = (SELECT min(l."from") FROM customer_stages l WHERE l.customer_id = customer_stages.customer_id AND l."from" > customer_stages."from")
WHERE EXISTS (SELECT 1 FROM customer_stages l WHERE l.customer_id = customer_stages.customer_id AND l."from" > customer_stages."from"
              AND (customer_stages."to" IS NULL OR customer_stages."to" > l."from"));
