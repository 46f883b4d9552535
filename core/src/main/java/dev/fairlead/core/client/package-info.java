/** Which client and which of its features sent a request, by rules that are data. */
@NullMarked
package dev.fairlead.core.client;

import org.jspecify.annotations.NullMarked;
