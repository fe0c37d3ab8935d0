-- What tickets are about, and why opportunities were lost.
alter table tickets add column topic text collate "C";
alter table opportunities add column loss_reason text collate "C";
