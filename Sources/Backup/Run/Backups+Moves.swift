public import Files
public import HostSystem
public import Model

/// What a move from one host to another asks of the backups.
extension Backups {
    /// Throws what would keep a backup of `plan` from being made or delivered: a key that cannot be read, or targets none
    /// of which answers.
    public func check(_ plan: ResolvedPlan, secrets: Secrets) async throws(HostError) {
        _ = try await identity.publicKey()
        _ = try await identity.recipients(with: plan.backup?.recipients ?? [])
        _ = try await reachable(try await archives(of: plan, secrets: secrets))
    }

    /// The data directories of what is deployed that a backup could not save now.
    public func lacking(_ state: DeployedState) async throws(HostError) -> [VolumeFailure] {
        let plan = state.desired.plan
        return VolumeSurvey(of: plan, on: host, labels: try await labels(of: plan), isStopped: true).failures
    }

    /// The key that this host signs with, and the one that opens its backups: as lines of a plan.
    public func publicKeys() async throws(HostError) -> (signer: String, recipient: String) {
        (try await identity.publicKey(), try await identity.recipients(with: []).joined())
    }

    /// The newest run that `successor` made in place of the host of `plan`, after the newest one of that host; `nil` when
    /// there is none. `signers` are trusted beside those of `plan`.
    public func newestRun(
        by successor: String, inPlaceOf plan: ResolvedPlan, signers: [String], secrets: Secrets
    ) async throws(HostError) -> BackupRunID? {
        var trusting = plan
        trusting.backup?.signers += signers
        var newest: BackupRunID?
        for archive in try await reachable(try await archives(of: trusting, secrets: secrets)) {
            let places = try await archive.places()
            let own = places.first { $0.host == plan.host }
            for place in places where place.host == successor && place.run > own?.run ?? place.run {
                guard case .valid(let manifest, _) = try await archive.finding(at: place),
                    manifest.plan.replaces == plan.host
                else { continue }
                newest = max(newest ?? place.run, place.run)
                break
            }
        }
        return newest
    }

    /// Throws when there is none: why the first does not answer.
    private func reachable(_ archives: [BackupArchive]) async throws(HostError) -> [BackupArchive] {
        var reached: [BackupArchive] = []
        var failure: HostError?
        for archive in archives {
            do throws(HostError) {
                try await archive.store.check()
                reached.append(archive)
            } catch {
                failure = failure ?? error
            }
        }
        if reached.isEmpty, let failure { throw failure }
        return reached
    }
}

extension HostSystem {
    /// The data directories of `plan` that hold something, as paths.
    public func filledDataDirectories(of plan: ResolvedPlan) throws(HostError) -> [String] {
        let directory = dataDirectories(of: plan.stack).stackDirectory
        var filled: [String] = []
        for wanted in DataDirectories.wanted(by: plan) {
            let path = "\(directory)/\(wanted.name)"
            if try !DirectoryContent.names(in: path).isEmpty { filled.append(path) }
        }
        return filled
    }
}

extension Backups {
    /// The newest valid run of each of `hosts`, by host, as far as there is one.
    ///
    /// Throws when one of them has runs and none can be trusted, with what to add to the plan; and when no target answers.
    public func newestRuns(
        of hosts: Set<String>, for plan: ResolvedPlan, secrets: Secrets
    ) async throws(HostError) -> [String: BackupManifest] {
        var newest: [String: BackupManifest] = [:]
        var rejected: [String: HostError] = [:]
        for archive in try await reachable(try await archives(of: plan, secrets: secrets)) {
            let candidates = try await RestoreCandidate.all(in: archive).sorted { $0.place.run > $1.place.run }
            for host in hosts {
                var tried = RejectedRuns()
                for candidate in candidates
                where candidate.place.host == host && candidate.place.run > newest[host]?.run ?? .earliest {
                    switch try await archive.finding(at: candidate.place, listed: candidate.files) {
                    case .valid(let manifest, _): newest[host] = manifest
                    case .unfinished: continue
                    case .invalid(let reason):
                        _ = try tried.add(candidate, reason)
                        if rejected[host] == nil {
                            rejected[host] = try await untrusted(candidate.place, reason, archive)
                        }
                        continue
                    }
                    break
                }
            }
        }
        // Older data of another host must not take the place of what cannot be trusted yet.
        for (host, error) in rejected.sorted(by: { $0.key < $1.key }) where newest[host] == nil { throw error }
        return newest
    }

    private func untrusted(
        _ place: BackupArchive.Place, _ reason: String, _ archive: BackupArchive
    ) async throws(HostError) -> HostError {
        let path = "\(archive.path(of: place))/\(BackupManifest.signatureName)"
        var claimed: String?
        if case .content(let signature) = try await archive.store.file(at: path, limit: 1 << 16) {
            claimed = SSHSignature.publicKey(of: signature)
        }
        let key = claimed.map { key in
            let line = "\(place.host) \(key)"
            return "\"\(BackupSigner(line) == nil ? key : line)\""
        }
        return HostError(
            "run \(place.run) of host '\(place.host)' on '\(archive.store.name)' is not trusted: \(reason)",
            hint: key.map {
                "if that is the key of '\(place.host)' ('fairlead doctor' shows it there), add it to the plan: "
                    + "\"backup\": {\"signers\": [\($0)]}"
            } ?? "mend the storage, or pin a good run with 'restore'",
            disposition: .transient)
    }
}

extension BackupRunID {
    fileprivate static let earliest = BackupRunID(at: Timestamp(milliseconds: 0))
}
