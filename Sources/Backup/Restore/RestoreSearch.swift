internal import Files
internal import HostSystem
internal import Model

/// Finds the newest valid run for each data directory, and brings it.
struct RestoreSearch {
    let restore: DataRestore
    let plan: ResolvedPlan
    let backup: BackupPlan
    let origin: RestoreOrigin
    let secrets: Secrets
    let note: @Sendable (String) -> Void
    /// The plan has further targets.
    var isPartial = false

    /// Why targets cannot be used, by name.
    private var unreachable: [String: HostError] = [:]
    /// Why runs cannot be used, newest first.
    private(set) var passedOver: [String] = []
    /// What could not be brought back of data directories that are filled.
    private(set) var partial: [String] = []
    /// Those of them that are no backup of ours.
    private var rejected = RejectedRuns()
    /// What a newer run says of the manifest of one that comes after it here.
    private var expected: [BackupArchive.Place: RunLink] = [:]
    private var listing = RunListing()
    /// All that may be used, newest first.
    private var allowed: [RestoreCandidate] = []
    /// Why a run that holds a data directory cannot fill it, by its name.
    private var damages: [String: [String]] = [:]
    /// Why the newest valid run lacks what it should hold, by the name of the data directory.
    private var gaps: [String: String] = [:]
    private var newestValid: BackupRunID?
    /// Those of which the newest run that tells says that they were empty.
    private(set) var leftEmpty: Set<String> = []
    private var used: Set<BackupRunID> = []

    init(
        restore: DataRestore, plan: ResolvedPlan, backup: BackupPlan, origin: RestoreOrigin, secrets: Secrets,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.restore = restore
        self.plan = plan
        self.backup = backup
        self.origin = origin
        self.secrets = secrets
        self.note = note
    }

    /// The targets of which nothing is known that keeps them from being used.
    var usableTargets: [String: BackupTarget] { backup.targets.filter { unreachable[$0.key] == nil } }

    /// Returns those of `names` that no run holds; `nil` stands for what the newest valid run holds.
    mutating func fill(_ names: Set<String>?) async throws(HostError) -> Set<String> {
        var missing = names
        for candidate in try await candidates() where unreachable[candidate.target] == nil {
            // The newest valid run says what there has to be; of older ones only what they hold is of interest.
            guard missing != [], newestValid == nil || missing?.contains(where: { mayBe($0, in: candidate) }) ?? true
            else { continue }
            guard let manifest = try await manifest(of: candidate) else { continue }
            let wanted = missing ?? Set(manifest.dataNames).union((manifest.incomplete ?? [:]).keys)
            missing = wanted
            for name in wanted.sorted() {
                guard let archive = archivedNames(of: name).lazy.compactMap(manifest.archive(of:)).first else {
                    if wasEmpty(name, in: manifest) {
                        leftEmpty.insert(name)
                        missing?.remove(name)
                        note("data directory '\(name)' was empty in \(candidate.shown): nothing older is restored")
                    } else {
                        tellGap(name, manifest, candidate)
                    }
                    continue
                }
                if try await fill(name, with: archive, of: candidate) {
                    missing?.remove(name)
                    tellShrink(name, archive, candidate)
                }
            }
        }
        if names == nil { leaveOutGaps(&missing) }
        if let rest = rejected.rest { passOver(rest) }
        try checkThatNothingIsLost(missing)
        if used.count > 1 {
            note("the data directories are restored from runs of different times; see that they fit together")
        }
        return missing ?? []
    }

    /// Of all targets that can be reached, newest first.
    private mutating func candidates() async throws(HostError) -> [RestoreCandidate] {
        let pinned = try pinnedRun()
        var candidates: [RestoreCandidate] = []
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            do throws(HostError) {
                try checkThatItIsThere(name, target)
                for stack in archivedStacks {
                    let archive = try await archive(name, target, of: stack)
                    let found = try await RestoreCandidate.all(in: archive)
                    listing.add(found, of: archive)
                    candidates += found
                }
            } catch {
                try leave(name, error)
            }
        }
        let wanted = candidates.filter { candidate in
            let isAllowed = origin.allows(candidate.place.run, of: candidate.place.host)
            guard let pinned else { return isAllowed }
            return candidate.place.run == pinned && (isAllowed || restore.purpose == .deployment)
        }
        if let pinned, wanted.isEmpty, unreachable.isEmpty { throw restore.purpose.hasNot(pinned) }
        allowed = wanted.sorted {
            ($1.place.run, $1.place.host, $0.target) < ($0.place.run, $0.place.host, $1.target)
        }
        return allowed
    }

    /// Where the stack's runs lie: those from before it was renamed too.
    private var archivedStacks: [String] {
        [restore.purpose.archivedStack(of: plan)]
            + (restore.purpose == .reading ? [] : [plan.formerly].compactMap(\.self))
    }

    /// Under which names a run may hold data directory `name`.
    private func archivedNames(of name: String) -> [String] {
        restore.purpose == .reading ? [name] : [name] + (plan.formerPlaces[name] ?? []).map(\.name)
    }

    /// Its service had worked it off: what older runs hold of it must not come back.
    private func wasEmpty(_ name: String, in manifest: BackupManifest) -> Bool {
        archivedNames(of: name).contains { manifest.empty?.contains($0) == true }
    }

    private func mayBe(_ name: String, in candidate: RestoreCandidate) -> Bool {
        archivedNames(of: name).contains(where: candidate.mayHold)
    }

    private func archive(
        _ name: String, _ target: BackupTarget, of stack: String
    ) async throws(HostError) -> BackupArchive {
        BackupArchive(
            store: try await BackupStore(
                name: name, target: target, secrets: secrets, configuration: restore.host.configuration),
            of: plan, stack: stack, on: restore.host)
    }

    func pinnedRun() throws(HostError) -> BackupRunID? {
        guard case .run(let text) = backup.restore else { return nil }
        guard let run = BackupRunID(text) else {
            throw HostError("'restore' names '\(text)', which is not a run", hint: "write \(BackupRunID.form)")
        }
        return run
    }

    /// `nil` when the run is not valid, or its storage has stopped answering.
    private mutating func manifest(of candidate: RestoreCandidate) async throws(HostError) -> BackupManifest? {
        let finding: BackupArchive.Finding
        do throws(HostError) {
            finding = try await candidate.archive.finding(at: candidate.place, listed: candidate.files)
        } catch {
            try leave(candidate.target, error)
            return nil
        }
        switch finding {
        case .unfinished: return nil
        case .invalid(let reason):
            try reject(candidate, reason)
            return nil
        case .valid(let manifest, let digest):
            if let link = expected[candidate.place], link.digest != digest {
                try reject(candidate, "it is another one than a newer run names")
                return nil
            }
            try await restore.checkHistory(of: manifest)
            if let run = try await runOfSuccessor(before: manifest, among: allowed) {
                let successor = manifest.successor?.host ?? ""
                passOver(
                    "\(candidate.shown) is not used: host '\(successor)' had the stack by then, as its run \(run) shows"
                )
                return nil
            }
            try await accept(manifest, at: candidate.place)
            return manifest
        }
    }

    private mutating func reject(_ candidate: RestoreCandidate, _ reason: String) throws(HostError) {
        guard try rejected.add(candidate, reason) else { return }
        passOver("\(candidate.shown) is not used: \(reason)")
    }

    /// Older data is used where nothing newer was made, not where it was taken away.
    private mutating func accept(_ manifest: BackupManifest, at place: BackupArchive.Place) async throws(HostError) {
        if let previous = manifest.previous { expected[.init(host: place.host, run: previous.run)] = previous }
        guard newestValid == nil else { return }
        newestValid = manifest.run
        // A run that is named is wanted as it is.
        guard try pinnedRun() == nil, unreachable.isEmpty else { return }
        var saved = plan
        saved.stack = restore.purpose.archivedStack(of: plan)
        let known = RunChain.read(of: saved, stateDirectory: restore.host.configuration.stateDirectory)
            .newest(at: backup.targets)
        let isOwn = known.map { origin.allows($0.run, of: plan.host) } ?? false
        guard let lost = try await lostRun(newest: manifest, known: isOwn ? known : nil) else { return }
        try tell(lost, instead: manifest.run)
    }

    /// What a manifest names may lie in a target that is not looked at.
    private mutating func lostRun(newest: BackupManifest, known: RunLink?) async throws(HostError) -> LostRun? {
        guard isPartial else {
            return try await listing.lostRun(newest: newest, known: known, of: plan, now: restore.now())
        }
        return LostRun.newer(than: newest.run, known: known, of: plan.host, listed: listing.runs(of: plan.host))
    }

    private mutating func tell(_ lost: LostRun, instead run: BackupRunID) throws(HostError) {
        guard restore.purpose == .deployment else { return passOver(lost.words) }
        throw HostError(
            "\(lost.words): somebody may have removed it, and newer ones",
            hint:
                "see who can write to the storage, and bring it back; where run \(run) is to be restored all the same, commit "
                + "\"restore\": \"\(run)\" to the plan's 'backup'",
            disposition: .transient)
    }

    private mutating func fill(
        _ name: String, with archive: VolumeArchive, of candidate: RestoreCandidate
    ) async throws(HostError) -> Bool {
        let fetch = VolumeFetch(
            restore: restore, plan: plan, stored: candidate.parts,
            staged: StagedData(of: name, in: restore.stackDirectory(of: plan.stack)), archive: archive)
        switch try await fetch.run() {
        case .done(let lost):
            used.insert(candidate.place.run)
            if let lost {
                partial.append("data directory '\(name)' of \(candidate.shown): \(lost)")
                note(partial.last ?? lost)
            }
            return true
        case .damaged(let reason):
            passOver("data directory '\(name)' of \(candidate.shown) is not used: \(reason)")
            damages[name, default: []].append("\(candidate.shown): \(reason)")
        case .unreachable(let error): try leave(candidate.target, error)
        }
        return false
    }

    /// The newest valid run should hold it and does not: nothing would be no better than what an older one has.
    private mutating func tellGap(_ name: String, _ manifest: BackupManifest, _ candidate: RestoreCandidate) {
        guard let reason = manifest.incomplete?[name], manifest.run == newestValid, gaps[name] == nil else { return }
        gaps[name] = "\(candidate.shown) lacks it: \(reason)"
        passOver("data directory '\(name)' is not in \(candidate.shown), which is incomplete: \(reason)")
    }

    /// Whoever only looks takes what there is.
    private mutating func leaveOutGaps(_ missing: inout Set<String>?) {
        for name in (missing ?? []).sorted() where gaps[name] != nil && damages[name] == nil {
            missing?.remove(name)
            note("no run holds data directory '\(name)'")
        }
    }

    private func tellShrink(_ name: String, _ archive: VolumeArchive, _ candidate: RestoreCandidate) {
        guard let words = archive.shrinkWords, let shrunk = archive.shrunk else { return }
        note(
            "data directory '\(name)' of \(candidate.shown) is much smaller than it was: \(words); "
                + restore.purpose.insteadOfShrunk(shrunk.run))
    }

    private mutating func passOver(_ text: String) {
        note(text)
        passedOver.append(text)
    }

    /// A target that cannot be read; another one may have the same runs.
    private mutating func leave(_ target: String, _ error: HostError) throws(HostError) {
        guard !error.isInterruption, !Task.isCancelled else { throw error }
        unreachable[target] = error
        note("backup target '\(target)' is not used: \(error.message)")
    }

    /// Data that was saved is never replaced by nothing without a word.
    private func checkThatNothingIsLost(_ missing: Set<String>?) throws(HostError) {
        guard missing != [] else { return }
        let name = missing?.sorted().first { damages[$0] != nil || gaps[$0] != nil } ?? missing?.min()
        let lost = name.map { "data directory '\($0)'" } ?? "the stack"
        let lacking = [name.flatMap { gaps[$0] }].compactMap(\.self)
        // Of a run that is older than a valid one it does not matter what it held.
        let reasons =
            (name.flatMap { damages[$0] } ?? []) + lacking + rejected.reasons(newerThan: newestValid)
        if !reasons.isEmpty {
            let hint = restore.purpose.withoutUsableRuns(isNamed: try pinnedRun() != nil, isWhole: reasons == lacking)
            throw HostError.unusable(lost, reasons, hint: hint, isWholeSearch: unreachable.isEmpty)
        }
        guard let (target, error) = unreachable.min(by: { $0.key < $1.key }), newestValid == nil else { return }
        throw HostError.unanswered(target, about: lost, error)
    }
}
