/** Ollama's own dialect, {@code POST /api/chat}, read and written. */
@NullMarked
package dev.fairlead.codec.ollama;

import org.jspecify.annotations.NullMarked;
