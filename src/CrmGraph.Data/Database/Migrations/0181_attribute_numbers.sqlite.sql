-- The number that the value of a free attribute is, in ten-thousandths. What a number is says the page on importing; PostgreSQL says it in crm_number.
-- SQLite has neither regular expressions nor functions of its own making here: the text without blanks and sign stands in each of the conditions.

ALTER TABLE customer_attributes ADD COLUMN number INTEGER GENERATED ALWAYS AS (
    iif(trim(value) GLOB '-*', -1, 1) * CASE
        WHEN length(value) > 40 THEN NULL
        WHEN substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*[^0-9.]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) GLOB '*[0-9]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*.*.*'
            AND instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') <= 15
        THEN CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS INTEGER) * 10000
            + CAST(substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1) || '0000', 1, 4) AS INTEGER)
            + (substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1), 5, 1) >= '5')
        WHEN length(substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1)) <= 16
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*[^0-9.]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) GLOB '*[0-9]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*.*.*'
            AND (substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9][0-9]')
            AND CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) < 1e14
        THEN CAST(CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) * 10000 + 0.5 AS INTEGER)
    END) VIRTUAL;

ALTER TABLE order_attributes ADD COLUMN number INTEGER GENERATED ALWAYS AS (
    iif(trim(value) GLOB '-*', -1, 1) * CASE
        WHEN length(value) > 40 THEN NULL
        WHEN substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*[^0-9.]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) GLOB '*[0-9]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*.*.*'
            AND instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') <= 15
        THEN CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS INTEGER) * 10000
            + CAST(substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1) || '0000', 1, 4) AS INTEGER)
            + (substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1), 5, 1) >= '5')
        WHEN length(substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1)) <= 16
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*[^0-9.]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) GLOB '*[0-9]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*.*.*'
            AND (substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9][0-9]')
            AND CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) < 1e14
        THEN CAST(CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) * 10000 + 0.5 AS INTEGER)
    END) VIRTUAL;

ALTER TABLE ticket_attributes ADD COLUMN number INTEGER GENERATED ALWAYS AS (
    iif(trim(value) GLOB '-*', -1, 1) * CASE
        WHEN length(value) > 40 THEN NULL
        WHEN substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*[^0-9.]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) GLOB '*[0-9]*'
            AND substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) NOT GLOB '*.*.*'
            AND instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') <= 15
        THEN CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS INTEGER) * 10000
            + CAST(substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1) || '0000', 1, 4) AS INTEGER)
            + (substr(substr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))), instr(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) || '.', '.') + 1), 5, 1) >= '5')
        WHEN length(substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1)) <= 16
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*[^0-9.]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) GLOB '*[0-9]*'
            AND substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 1, instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') - 1) NOT GLOB '*.*.*'
            AND (substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[0-9][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9]'
                OR substr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), instr(upper(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+')))), 'E') + 1) GLOB '[-+][0-9][0-9]')
            AND CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) < 1e14
        THEN CAST(CAST(substr(trim(value), 1 + (substr(trim(value), 1, 1) IN ('-', '+'))) AS REAL) * 10000 + 0.5 AS INTEGER)
    END) VIRTUAL;

CREATE INDEX ix_customer_attributes_key_number ON customer_attributes ("key", number) WHERE number IS NOT NULL;
