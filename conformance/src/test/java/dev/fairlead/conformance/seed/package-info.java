/** The guide that this product answers to, done to the letter. */
@NullMarked
package dev.fairlead.conformance.seed;

import org.jspecify.annotations.NullMarked;
