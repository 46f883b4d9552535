/** Tests of the ledger. */
@NullMarked
package dev.fairlead.core.ledger;

import org.jspecify.annotations.NullMarked;
