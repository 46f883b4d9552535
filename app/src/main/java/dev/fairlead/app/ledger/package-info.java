/** The ledger in the running gateway: its file, its upkeep, and what a key may ask of it. */
@NullMarked
package dev.fairlead.app.ledger;

import org.jspecify.annotations.NullMarked;
