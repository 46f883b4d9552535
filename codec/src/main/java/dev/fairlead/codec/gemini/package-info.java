/** Google's dialect: the Gemini API's {@code generateContent}, read and written. */
@NullMarked
package dev.fairlead.codec.gemini;

import org.jspecify.annotations.NullMarked;
