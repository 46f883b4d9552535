/**
 * What Fairlead is measured against: the scripted provider, the policy-free floor and the
 * prototype.
 */
@NullMarked
package dev.fairlead.bench.peer;

import org.jspecify.annotations.NullMarked;
