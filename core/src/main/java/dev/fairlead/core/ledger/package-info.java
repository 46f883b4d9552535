/**
 * Counts money, tokens and requests against budgets and limits: reserve before a call, settle after
 * it.
 */
@NullMarked
package dev.fairlead.core.ledger;

import org.jspecify.annotations.NullMarked;
