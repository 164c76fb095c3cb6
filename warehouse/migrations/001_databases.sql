-- landing: events as they arrived, one table per type. mart: what pages and reports read. ops: how the platform itself is doing.
CREATE DATABASE IF NOT EXISTS landing ENGINE = Atomic;
CREATE DATABASE IF NOT EXISTS mart ENGINE = Atomic;
CREATE DATABASE IF NOT EXISTS ops ENGINE = Atomic;
