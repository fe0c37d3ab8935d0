-- Whether a statement only added rows: who knows all rows before them need not read those again. Never said here, where one note stands for many.
ALTER TABLE changes ADD COLUMN is_new INTEGER NOT NULL DEFAULT 0;
