package dev.fairlead.conformance.translate;

import java.util.List;

/**
 * What a caller of an SDK got, in no SDK's terms.
 *
 * @param thinking what could be read of the thinking
 * @param calls each as {@code name arguments}, the arguments without blanks and sorted as sent
 * @param toolsWanted whether the reason to stop was that tools are to be called
 * @param input all input tokens, cached ones included
 */
record Told(
    String text,
    String thinking,
    List<String> calls,
    boolean toolsWanted,
    long input,
    long cached,
    long output) {}
