/** Virtual keys made on the command line: one hashed file, and the secret of its hashes. */
@NullMarked
package dev.fairlead.app.keys;

import org.jspecify.annotations.NullMarked;
