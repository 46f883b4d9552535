package dev.fairlead.core.models;

import java.time.LocalDate;

/**
 * The end of a model.
 *
 * @param model the vendor's own advice for what to use instead, or what comes nearest of what lives
 * @param since from when on the vendor answers no more (UTC)
 */
public record Successor(String model, LocalDate since) {}
