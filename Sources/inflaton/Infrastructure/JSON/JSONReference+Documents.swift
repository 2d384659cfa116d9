extension JSONReference {
    /// The members that most objects have.
    static let common = Document(
        name: "Most commands", condition: "Beside the members of its own, an object has these, unless its heading says otherwise.",
        members: """
            command | text | the subcommand
            schemaVersion | integer | see above
            dryRun | flag | whether nothing was done
            engine? | object or null | what computed; null where no network was evaluated
            engine?.name? | text | reference or opencl
            engine?.device? | text | the device's name
            engine?.driver? | text | the driver and its version, with a digest of tuned parameters where there are any
            engine?.precision? | text | float32, mixed or float64
            outputs[] | text | the files that were written or, with --dry-run, would be
            warnings[] | text | what standard error has warned of
            provenance.command[] | text | the command line, a word each
            provenance.commandLine | text | the same as a shell takes it; this one stands also in the provenance.json of reports
            provenance.version | text | the release
            provenance.revision | text | the git revision of the program, or unknown
            provenance.host | text | the machine
            provenance.operatingSystem | text | its system
            provenance.date | text | when the work began: ISO 8601, UTC
            provenance.weightStream | integer | the version of the stream that initial weights are drawn from
            provenance.engine? | object or null | as engine
            provenance.parameters.* | text | every parameter by its name, defaults included
            """)

    /// The objects, in the order of the help.
    static let documents = about + ofNetworks + ofScans + ofKernels

    private static let about = [
        Document(
            name: "failure", condition: "Printed by every command that fails; the exit code is the same.",
            members: """
                error.code | integer | the exit code
                error.message | text | what is wrong, the limit, and what to do
                """, isSummary: false),
        Document(
            name: "doctor", condition: "",
            members: """
                devices[].index | integer | for --device
                devices[].name | text | its name
                devices[].kind | text | gpu, cpu or another
                devices[].vendor | text | who makes it
                devices[].platform | text | the driver
                devices[].driver | text | the driver's version
                devices[].openCL | text | the version of OpenCL
                devices[].precisions[] | text | what --precision may be
                devices[].computeUnits | integer | compute units
                devices[].memoryBytes | integer | its memory
                devices[].largestAllocationBytes | integer | the most at once
                devices[].localMemoryBytes | integer | the local memory of a work-group
                engines[] | object | the engines that were checked, as engine above
                checks[].engine | object | whose check it is
                checks[].result | object | name, measured, bound, passed, precision
                passed | integer | checks that passed
                failed | integer | checks that did not
                tuning[] | text or null | of each engine which parameters of kernels it has; null for one without kernels
                """),
        Document(name: "cite", condition: "", members: "bibtex | text | the entries"),
        Document(
            name: "glossary", condition: "",
            members: """
                words[].word | text | the word
                words[].others[] | text | what else it is called
                words[].meaning | text | what it means, with the markup of figures
                """),
    ]

    private static let ofNetworks = [
        Document(
            name: "evolve",
            condition:
                "With `--dry-run` it has `deviceBytes` alone. The same object without the members of most commands is the member `summary` of `summary.json`.",
            members: """
                deviceBytes? | integer | with --dry-run: device memory
                optimiser? | text | the optimiser
                agreement?.prediction | text | what predicts
                agreement?.endError | number | distance between network and prediction at the end, in units of the output
                agreement?.greatestError | number | its greatest value
                agreement?.travel | number | how far the output has come at the end
                agreement?.greatestTravel | number | how far it came at the most
                agreement?.errorOverTravel | number | endError over greatestTravel
                agreement?.greatestErrorOverTravel | number | greatestError over greatestTravel
                agreement?.kernelDrift | number | change of the kernel over the kernel at the start
                dictionary? | object or null | what each dictionary says: quantity, symbol, a value for each dictionary; of heavy ball
                universe? | object or null | what became of both universes; of optimisers that make an expansion of their own
                eras?[] | object | the eras; of --eras
                expansion?.source | text | whose H it is: a dictionary, or the optimiser
                expansion?.hubbleAtStart | number | H before the first step, in units of 1/t
                expansion?.hubbleAtEnd | number | H after the last one
                expansion?.eFolds | number | ∫ H dt
                expansion?.scaleFactorAtEnd | number | a after the last step, 1 before the first
                universeArguments?[] | text | the arguments of `inflaton universe` that give the predicted field
                fields? | object or null | several outputs on one point as several fields
                conditions?[].condition | text | a condition of the duality
                conditions?[].measured | number | its number
                conditions?[].threshold | number | its limit
                conditions?[].holds | flag | whether it is met
                conditions?[].sentence | text | the same in words
                fit?.friction | number | 3H, fitted without a dictionary
                fit?.frictionError | number | its standard error
                fit?.force | number | the force at the start, fitted
                fit?.forceError | number | its standard error
                fit?.driftRate? | number or null | force over friction
                fit?.verdict | text | whether friction and force were told apart
                fitFailure? | text | why there is no fit
                errorBudget?.discretisation | number | what the step size makes of the difference, root mean square
                errorBudget?.kernelDrift | number | what the kernel's change does
                errorBudget?.curvature | number | what the loss's curvature does
                errorBudget?.remainder | number | what is not explained
                errorBudget?.residual | number | the difference itself
                errorBudget?.explained | number | the share of its square that is explained
                errorBudgetRefusal? | text | why there is no budget
                divergedAt? | integer | the step at which the training diverged
                kernels?[].step | integer | with --kernels: the updates before a kernel
                kernels?[].loss | number | the loss there
                kernels?[].largestEigenvalue? | number | λ₁; like all below absent where the kernel is not finite
                kernels?[].conditionNumber? | number | λ₁/λ_n; absent where λ_n is below the noise floor
                kernels?[].leastConditionNumber? | number | what it exceeds there
                kernels?[].effectiveRank? | number | e^S
                kernels?[].drift? | number | change of the kernel over the kernel at the start
                kernels?[].alignment? | number | cosine of the two as vectors
                kernels?[].drivingEigenvalue? | number | Λ = gᵀΘg/gᵀg, g = ∂L/∂f; absent where g is 0
                kernels?[].spectralPosition? | number | Λ/λ₁
                kernels?[].drivingMode? | number | Σ i p_i, p_i the share of mode i in the loss's decrease
                """),
        Document(
            name: "ntk", condition: "With `--dry-run` without `spectrum`.",
            members: """
                inputs | integer | d, the inputs of the network
                widths[] | integer | the hidden layers
                outputCount | integer | C
                parameters | integer | P
                hasBias | flag | whether layers have biases
                activation | text | between layers
                parameterisation | text | ntk or standard
                sigmaW | number | σ_w
                sigmaB | number | σ_b
                points | integer | N
                points2? | integer | M, of the points of --with
                method | text | gram or jacobian
                memory.deviceBytes | integer | device memory
                memory.hostBytes | integer | host memory
                memory.fileBytes? | integer | the file, where the kernel goes there in tiles
                memory.freeDiskBytes? | integer | what is free there
                """ + spectrum),
        Document(
            name: "ntk --infinite", condition: "With `--dry-run` without `spectrum`.",
            members: """
                inputs | integer | d, the inputs of the network
                depth | integer | hidden layers
                activation | text | between layers
                parameterisation | text | ntk or standard
                sigmaW | number | σ_w
                sigmaB | number | σ_b
                hasBias | flag | whether layers have biases
                points | integer | N
                points2? | integer | M, of the points of --with
                memory?.hostBytes | integer | host memory
                """ + spectrum),
        Document(
            name: "predict", condition: "",
            members: """
                trainingPoints | integer | N
                points | integer | M, the points that are predicted
                outputCount | integer | C
                omittedModes | integer | modes of the kernel that are rounding, and are left out
                ridge | number | the variance of noise in the targets
                time | number | of gradient flow, or inf
                scale | number | s, the factor of the loss
                """),
        Document(
            name: "advise", condition: "With `--dry-run` it has `deviceBytes` alone, where it computes on a device.",
            members: """
                deviceBytes? | integer | with --dry-run: device memory
                learningRate? | number | the η to take
                momentum? | number | the γ to take
                steps? | integer | the budget
                initialLoss? | number | the loss at the start
                predictedLoss? | number | the loss at the end, as predicted
                predictedLeast? | number | the least that it may be
                predictedGreatest? | number | the greatest
                bounds?[].momentum | number | a γ
                bounds?[].largestStable | number | the largest stable η for it
                bounds?[].largestVacuum | number | the largest η of vacuum domination
                modes?[].eigenvalue | number | of the kernel
                modes?[].share? | number or null | its share of the loss at the start
                modes?[].stepCurvature | number | η λ l″, by which it is stable or not
                modes?[].criticalMomentum? | number or null | the γ of critical damping
                modes?[].learnedAt? | integer | the step at which it will have been learned
                confidence? | text | how sure the prediction is, in a word
                chance? | number | the same as a probability
                linearisationError? | number | how far the linearised network is off, as estimated
                kernelDrift? | number | how far the kernel will move, as estimated
                trustedWidth? | integer | the width from which the prediction can be trusted
                asked?.learningRate | number | the η of --learning-rate
                asked?.momentum | number | the γ of --momentum
                asked?.predictedLoss | number | the loss at the end with these
                warning? | text | what speaks against the advice; empty where nothing does
                claims?[].figure | text | with --check: the figure that shows it
                claims?[].basis | text | what the number rests on
                """ + claims),
        Document(
            name: "universe", condition: "",
            members: """
                potential | text | V
                hubbleLaw | text | what the expansion follows
                samples | integer | rows of the table
                modesOf? | text | what the modes are perturbations of
                \(end)
                final?.phi | number | φ at the end
                final?.velocity | number | φ′ at the end
                """),
        Document(
            name: "universe --fields", condition: "",
            members: """
                potential | text | V
                hubbleLaw | text | what the expansion follows
                kernel[] | number | Θ row by row, the inverse of the metric
                samples | integer | rows of the table
                modesOf? | text | what the modes are perturbations of
                \(end)
                final?.phi[] | number | each φ at the end
                final?.velocity[] | number | each φ′ at the end
                final?.largestTurnRate | number | the fastest turn of the direction of motion
                """),
        Document(
            name: "universe --spectrum", condition: "",
            members: """
                potential | text | V
                wavenumbers | integer | rows of the table
                values?.eFolds | number | e-folds of inflation
                values?.pivot | number | k of the pivot
                values?.scalarAmplitude | number | A_s
                values?.scalarIndex | number | n_s
                values?.running | number | dn_s/dln k
                values?.tensorToScalar | number | r
                values?.tensorIndex | number | n_t
                columns?.*[] | number | the table, by column, where it is written to no file
                """),
        Document(
            name: "reproduce", condition: "With `--dry-run` it has `experiments`, else `claims`.",
            members: """
                experiments?[].experiment | text | its name
                experiments?[].firstRuns | integer | networks to begin with
                experiments?[].batches | integer | batches of these
                experiments?[].largestBatchBytes | integer | device memory at the most
                claims?[].figure | text | the figure that shows it
                claims?[].basis | text | what the number rests on: measurement, construction, …
                """ + claims),
        Document(
            name: "learning", condition: "With `--dry-run` claims and notes are empty.",
            members: """
                experiment | text | its name
                title | text | its title
                claimed | text | what the paper claims
                simulated | text | what was computed
                notes[] | text | what to know besides
                """ + claims.replacing("claims?", with: "claims")),
    ]

    private static let spectrum = """

        spectrum?.largestEigenvalue | number | λ₁ of the NC × NC kernel, undivided
        spectrum?.smallestEigenvalue | number | the smallest one
        spectrum?.trace | number | their sum
        spectrum?.gapRatio? | number or null | λ₂/λ₁
        spectrum?.leadingOverlap | number | the overlap of the leading mode with the constant one
        spectrum?.conditionNumber? | number or null | λ₁ over the smallest eigenvalue; absent where that one is rounding
        spectrum?.leastConditionNumber? | number or null | what it is at least, where it is not known
        spectrum?.effectiveRank | number | e^S
        spectrum?.participationRatio | number | (Σ λ)²/Σ λ²
        spectrum?.entropy | number | S of the shares of eigenvalues
        spectrum?.symmetryResidual | number | how far the kernel is from symmetric
        spectrum?.semidefinitenessResidual | number | how far it is from having no negative eigenvalue
        spectrum?.noiseFloor | number | below it eigenvalues are rounding
        spectrum?.eigenvaluesAboveNoise | integer | how many are above it
        """

    private static let end = """
        final?.t | number | the time at the end; with --dry-run there is no final
        final?.eFolds | number | e-folds to the end
        final?.hubble | number | H at the end
        final?.epsilon | number | ε = −H′/H² at the end
        final?.scaleFactor | number | a at the end
        final?.modes[] | number | the perturbations at the end
        final?.largestConstraint | number | by how much Friedmann's equation is missed at the most
        columns?.*[] | number | the table, by column, where it is written to no file
        """

    private static let claims = """

        claims?[].claim | text | the claim
        claims?[].criterion | text | what is measured, and the bound
        claims?[].measured? | number or null | the number
        claims?[].measuredText | text | the same as people read it
        claims?[].standardError? | number or null | its standard error
        claims?[].control? | number or null | what the control gives
        claims?[].controlModel? | text or null | what the control is
        claims?[].verdict | text | whether it holds
        claims?[].reason | text | why nothing is decided, where nothing is
        """
}
