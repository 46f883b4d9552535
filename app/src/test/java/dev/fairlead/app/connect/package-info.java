/** Tests of what has arrived of clients. */
@NullMarked
package dev.fairlead.app.connect;

import org.jspecify.annotations.NullMarked;
