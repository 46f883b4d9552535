/** Several gateways that are one to those who use them. */
@NullMarked
package dev.fairlead.conformance.replicas;

import org.jspecify.annotations.NullMarked;
