extension JSONReference {
    private static let own = "It has these members and `schemaVersion`, and not those of most commands."

    /// Of scans and their stores.
    static let ofScans = [
        Document(
            name: "scan", condition: "The lines while it runs. \(own)",
            members: """
                event | text | progress
                done | integer | runs that are stored
                total | integer | runs of the scan, as far as they are known
                undecided | integer | candidates that are decided by what is measured first
                diverged | integer | runs that diverged
                refused | integer | candidates that make no run
                runsPerSecond | number | over the last minute or so
                networkStepsPerSecond | number | the same in steps of networks
                secondsLeft? | number or null | at that rate
                device | text | what computes
                """, isSummary: false),
        Document(
            name: "scan, at the end", condition: "The last line. \(own)",
            members: """
                event | text | finished
                store | text | the store
                stored | integer | runs in it, those of other scans among them
                runs | integer | runs of this scan
                computed | integer | those of them that were computed now
                diverged | integer | those of these that diverged
                excluded | integer | candidates that a filter left out
                refused | integer | candidates that make no run
                refusals[] | text | why not
                """, isSummary: false),
        Document(
            name: "scan --explain", condition: "Also with `--dry-run`, which tries nothing.",
            members: """
                scans[] | text | each scan of the file with its axes
                candidates | integer | combinations of the axes
                examined | integer | candidates that were looked at, on which all that follows is counted
                runs | integer | runs
                stored | integer | those of them that the store has
                repeats | integer | candidates that are another's run
                excluded | integer | candidates that a filter leaves out
                refused | integer | candidates that make no run
                refusals[] | text | why not
                undecided | integer | candidates that are decided by what is measured first
                shapes | integer | shapes of networks
                deviceBatches | integer | batches
                deviceBytes | integer | device memory of the largest one
                host.bytes | integer | host memory at the most
                host.parts[] | object | what takes it: what, bytes, remedy
                hostAvailableBytes | integer | what there is
                seconds? | number or null | how long it takes, roughly
                shapesTried | integer | shapes that the time was tried on
                """),
        Document(name: "scan --schema", condition: own, members: "schema | text | the page of keys, Markdown", isSummary: false),
        Document(
            name: "status", condition: own,
            members: """
                store | text | the store
                runs | integer | runs in it
                scans[].name | text | the scan
                scans[].state | text | running, finished, interrupted, failed, killed, incomplete or shard done
                scans[].done | integer | its runs that are stored
                scans[].total | integer | its runs
                scans[].excluded | integer | candidates that a filter left out
                scans[].diverged | integer | runs that diverged
                scans[].networkStepsPerSecond | number | the last rate
                scans[].started | text | when it began: ISO 8601, UTC
                scans[].updated | text | when it was last heard of
                scans[].host | text | where it runs or ran
                scans[].processIdentifier | integer | as which process
                missing[].name | text | a scan of which a share is missing
                missing[].what | text | which share
                """, isSummary: false),
        Document(name: "export", condition: "It has no members of its own.", members: ""),
        Document(
            name: "plot", condition: "",
            members: """
                runs | integer | runs that were looked at
                drawn | integer | runs that are drawn
                notDrawn[] | object | how many are not, and why
                """),
        Document(
            name: "plot, without --x", condition: own, members: "columns[] | text | the columns of the store that have a value in any run",
            isSummary: false),
        Document(
            name: "report", condition: "",
            members: "runs | integer | runs of the report"),
        Document(
            name: "merge", condition: own,
            members: """
                into | text | the store that was merged into
                runs | integer | runs in it now
                added | integer | those that came in
                repeated | integer | those that were there already
                conflicting | integer | those that are there with other results, which stay
                skipped[] | text | stores that are the target itself
                missing[] | text | shares of scans that are not there
                """, isSummary: false),
        Document(
            name: "verify", condition: own,
            members: """
                store | text | the store
                sound | integer | runs that are as they were stored
                withoutChecksum | integer | runs of an earlier Inflaton, which have all their rows
                unsound | integer | runs that are not
                problems[].run? | integer | of which run
                problems[].place | text | in which table or row
                problems[].reason | text | what is wrong
                """, isSummary: false),
        Document(name: "slurm", condition: "Without `--output`. \(own)", members: "script | text | the script", isSummary: false),
        Document(name: "slurm --output", condition: own, members: "output | text | the script's file", isSummary: false),
    ]

    /// Of benchmarks and tuning.
    static let ofKernels = [
        Document(
            name: "bench",
            condition:
                "With `--dry-run` it has no stages and no ceiling, and `deviceBytes`. Of a single stage the members stand in the object itself as well.",
            members: """
                problem | object | the sizes: width, depth, points, members, outputs, inputs, steps, activation
                repeats | integer | of which the median is taken
                ceiling | object or null | what the device can do: float32Rate, float64Rate in operations a second, bandwidth in bytes a second
                deviceBytes? | integer | device memory
                launches? | object or null | with --launches: each launch with its sizes and median_s
                """ + stage("stages[].") + stage("", isOptional: true)),
        Document(
            name: "tune", condition: "",
            members: """
                path | text | where what was found is kept
                kernels? | anything | each kernel with what was found; with --show by name
                digest? | text or null | the digest of the table
                inUse? | text | with --show: what is in use
                stale?[] | text | with --show: kernels whose sources have changed since
                """),
    ]

    /// The members of a stage.
    private static func stage(_ prefix: String, isOptional: Bool = false) -> String {
        let members = [
            ("stage", "text", "what was timed"),
            ("median_s", "number", "seconds on the device"),
            ("min_s", "number", "the shortest"),
            ("host_median_s?", "number or null", "seconds on the host"),
            ("host_min_s?", "number or null", "the shortest"),
            ("rate", "number", "units a second"),
            ("unit", "text", "the unit"),
            ("flops", "number", "operations, counted"),
            ("bytes", "number", "bytes, counted"),
            ("peak?", "number or null", "operations a second that the device can do"),
            ("bandwidth", "number", "bytes a second that it can move"),
            ("floor_s", "number", "the least time by these"),
            ("fraction_of_floor", "number", "floor over median"),
            ("device", "text", "the device"),
        ]
        return members.map { name, type, meaning in
            "\n\(prefix)\(name)\(isOptional && !name.hasSuffix("?") ? "?" : "") | \(type) | \(meaning)"
        }.joined()
    }
}
