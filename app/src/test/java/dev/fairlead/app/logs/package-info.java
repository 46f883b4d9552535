/** Tests of the request log over HTTP. */
@NullMarked
package dev.fairlead.app.logs;

import org.jspecify.annotations.NullMarked;
