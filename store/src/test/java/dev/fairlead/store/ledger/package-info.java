/** Tests of the ledger's file and of shared counters. */
@NullMarked
package dev.fairlead.store.ledger;

import org.jspecify.annotations.NullMarked;
