import Figures

/// What to cite.
public enum Citation {
    /// BibTeX entries of the papers of these theories and of Inflaton, ended by a newline.
    /// - Parameters:
    ///   - version: the release of Inflaton.
    ///   - revision: its git revision, or "unknown".
    ///   - theories: what was measured. Default: the duality.
    public static func bibtex(version: String, revision: String, theories: [Theory] = [.duality]) -> String {
        let software = """
            @software{Inflaton,
              title   = {Inflaton: wide neural networks beside the universes they are dual to},
              version = {\(version)},
              note    = {git revision \(revision)}
            }

            """
        return theories.map { paper($0) + "\n" }.joined() + software
    }

    private static func paper(_ theory: Theory) -> String {
        switch theory {
        case .duality:
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

            """
        case .learning:
            """
            @article{Vanchurin2022,
              author        = {Vanchurin, Vitaly},
              title         = {Towards a theory of quantum gravity from neural networks},
              journal       = {Entropy},
              volume        = {24},
              number        = {1},
              pages         = {7},
              year          = {2022},
              doi           = {10.3390/e24010007},
              eprint        = {2111.00903},
              archivePrefix = {arXiv}
            }

            """
        }
    }
}
