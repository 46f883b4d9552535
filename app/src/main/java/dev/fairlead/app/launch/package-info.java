/** Client programs started with everything they need to know of a running gateway. */
@NullMarked
package dev.fairlead.app.launch;

import org.jspecify.annotations.NullMarked;
