-- Outside ids that were left with a former customer of their fact: the fact could not be written again. And stages that were open beside a later one.

update external_ids x set customer_id = f.customer_id from orders f
where x.entity = 'ORDER' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from order_lines f
where x.entity = 'ORDER_LINE' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from interactions f
where x.entity = 'INTERACTION' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from tickets f
where x.entity = 'TICKET' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from survey_answers f
where x.entity = 'SURVEY_ANSWER' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from opportunities f
where x.entity = 'OPPORTUNITY' and f.id = x.id and x.customer_id is distinct from f.customer_id;
update external_ids x set customer_id = f.customer_id from contracts f
where x.entity = 'CONTRACT' and f.id = x.id and x.customer_id is distinct from f.customer_id;

update customer_stages s set "to" = (select min(l."from") from customer_stages l where l.customer_id = s.customer_id and l."from" > s."from")
where exists (select from customer_stages l where l.customer_id = s.customer_id and l."from" > s."from" and (s."to" is null or s."to" > l."from"));
