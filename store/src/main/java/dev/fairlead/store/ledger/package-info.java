/** Keeps the ledger's counters on disk and shares them between nodes. */
@NullMarked
package dev.fairlead.store.ledger;

import org.jspecify.annotations.NullMarked;
