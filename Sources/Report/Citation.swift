/// What to cite.
public enum Citation {
    /// BibTeX entries of the duality's paper and of Inflaton, ended by a newline.
    /// - Parameters:
    ///   - version: the release of Inflaton.
    ///   - revision: its git revision, or "unknown".
    public static func bibtex(version: String, revision: String) -> String {
        """
        @article{KrippendorfSpannowsky2022,
          author        = {Krippendorf, Sven and Spannowsky, Michael},
          title         = {A duality connecting neural network and cosmological dynamics},
          journal       = {Machine Learning: Science and Technology},
          volume        = {3},
          number        = {3},
          year          = {2022},
          doi           = {10.1088/2632-2153/ac87e9},
          eprint        = {2202.11104},
          archivePrefix = {arXiv}
        }

        @software{Inflaton,
          title   = {Inflaton: wide neural networks beside the universes they are dual to},
          version = {\(version)},
          note    = {git revision \(revision)}
        }

        """
    }
}
