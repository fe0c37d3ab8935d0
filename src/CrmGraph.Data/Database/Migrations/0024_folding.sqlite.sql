-- Texts are searched by Unicode's caseless matching. The program folds them again after the migrations (SqliteFolding): SQLite knows no letters
-- beyond ASCII.
SELECT 1;
