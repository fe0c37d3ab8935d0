-- The triggers of parts (lines, payments, attributes, stages) are made from the list of tables now, under names of their own.
DROP TRIGGER orders_lines_go;
DROP TRIGGER opportunities_stages_go;
DROP TRIGGER orders_attributes_go;
DROP TRIGGER tickets_attributes_go;
DROP TRIGGER orders_payments_go;
DROP TRIGGER order_attributes_fact;
DROP TRIGGER ticket_attributes_fact;
DROP TRIGGER order_payments_order;
