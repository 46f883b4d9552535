package dev.fairlead.core.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client reveals of the code it works on. All of it is the client's word.
 *
 * @param cwd its working directory, or null
 * @param repository name of the repository, without owner and suffix, or null
 * @param branch the checked out branch, or null
 * @param paths files attached, opened or used in the conversation; empty where none are revealed or
 *     nobody asked
 * @param images whether the prompt has images, or null when nobody asked
 */
public record Revealed(
    @Nullable String cwd,
    @Nullable String repository,
    @Nullable String branch,
    List<String> paths,
    @Nullable Boolean images) {
  /** Nothing. */
  public static final Revealed NOTHING = new Revealed(null, null, null, List.of(), null);

  public Revealed {
    paths = List.copyOf(paths);
  }

  /**
   * What somebody wants to know of a request beside its facts.
   *
   * @param place working directory, repository and branch
   * @param paths files
   * @param images whether there are images
   */
  public record Wanted(boolean place, boolean paths, boolean images) {
    /** Nothing is looked at. */
    public static final Wanted NOTHING = new Wanted(false, false, false);

    /** Whether anything is wanted. */
    public boolean any() {
      return place || paths || images;
    }
  }
}
