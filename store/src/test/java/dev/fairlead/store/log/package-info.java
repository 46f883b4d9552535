/** Tests of the request log's store. */
@NullMarked
package dev.fairlead.store.log;

import org.jspecify.annotations.NullMarked;
