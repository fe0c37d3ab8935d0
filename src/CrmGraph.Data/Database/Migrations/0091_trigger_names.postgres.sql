-- The triggers of parts (lines, payments, attributes, stages) are made from the list of tables now, under names of their own.
drop trigger b_lines_go on orders;
drop trigger b_stages_go on opportunities;
drop trigger b_attributes_go on orders;
drop trigger b_attributes_go on tickets;
drop trigger b_payments_go on orders;
drop trigger a_check_fact on order_attributes;
drop trigger a_check_fact on ticket_attributes;
drop trigger a_check_order on order_payments;
drop function crm_orders_deleted, crm_opportunities_deleted, crm_order_attributes_go, crm_ticket_attributes_go, crm_order_payments_go,
    crm_check_fact_order_attributes, crm_check_fact_ticket_attributes, crm_check_order_payments;
