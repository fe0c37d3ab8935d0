-- A customer's money above 64 bits became an inexact number and stayed so. Those totals are added up again, in two parts that fit.

UPDATE customer_money AS m SET (gross_amount, returned_amount) = (
    SELECT
        CASE WHEN gross_high + gross_low / 1000000000 < 9223372036 THEN gross_high * 1000000000 + gross_low ELSE 9223372036854775807 END,
        CASE WHEN returned_high + returned_low / 1000000000 < 9223372036 THEN returned_high * 1000000000 + returned_low ELSE 9223372036854775807 END
    FROM (
        SELECT
            ifnull(sum(gross_amount / 1000000000), 0) AS gross_high, ifnull(sum(gross_amount % 1000000000), 0) AS gross_low,
            ifnull(sum(returned_amount / 1000000000), 0) AS returned_high, ifnull(sum(returned_amount % 1000000000), 0) AS returned_low
        FROM orders o WHERE o.customer_id = m.customer_id AND o.currency = m.currency AND o.cancelled_at IS NULL))
WHERE typeof(gross_amount) <> 'integer' OR typeof(returned_amount) <> 'integer';

-- From now on an order that makes them so is refused, whoever writes it.

CREATE TRIGGER customer_money_inserted AFTER INSERT ON customer_money WHEN typeof(NEW.gross_amount) <> 'integer' OR typeof(NEW.returned_amount) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'customer_money: the sum of the orders of this customer is above 922337203685477 in this currency.'); END;

CREATE TRIGGER customer_money_updated AFTER UPDATE ON customer_money WHEN typeof(NEW.gross_amount) <> 'integer' OR typeof(NEW.returned_amount) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'customer_money: the sum of the orders of this customer is above 922337203685477 in this currency.'); END;
