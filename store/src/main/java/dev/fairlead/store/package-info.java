/** Databases: SQLite in the app directory or PostgreSQL, opened, migrated and spoken to. */
@NullMarked
package dev.fairlead.store;

import org.jspecify.annotations.NullMarked;
