/**
 * Who may do what and for how much: customers, teams, users, budgets, limits and routing rules as
 * configured.
 */
@NullMarked
package dev.fairlead.core.governance;

import org.jspecify.annotations.NullMarked;
