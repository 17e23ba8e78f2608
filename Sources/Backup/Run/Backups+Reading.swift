public import Files
internal import HostSystem
public import Model
internal import Processes

extension Backups {
    /// A run as it is known from one storage.
    public struct KnownRun: Sendable {
        public enum State: Sendable {
            /// Its manifest is signed. `missing`: parts that are not there with the size that they have to have, in words;
            /// whether what is there is what was saved only reading it tells.
            case listed(BackupManifest, missing: [String])
            /// It is still being uploaded, or its upload was given up.
            case unfinished
            /// With the reason.
            case invalid(String)
        }

        public let target: String
        /// The plan's, or what it was called formerly.
        public let stack: String
        public let host: String
        public let run: BackupRunID
        public let state: State
        /// A run that was there before it, as its manifest says, and that is gone without being pruned.
        public internal(set) var lost: BackupRunID?
    }

    /// What the storages of a plan say of its runs.
    public struct KnownRuns: Sendable {
        /// Newest first.
        public internal(set) var found: [KnownRun] = []
        /// Of each storage that could not be read, by name: why.
        public internal(set) var unread: [String: HostError] = [:]
        /// The newest run that this host delivered, where no storage lists it any more.
        public internal(set) var lost: LostRun?
        /// The newest run that this host brought to a storage, where that does not list it any more, by the storage's name.
        public internal(set) var gone: [String: BackupRunID] = [:]
    }

    /// The newest runs of the stack in every storage, under its former name too; at most `limit` of each storage and name, of
    /// those before `end`. A storage that does not answer costs what it holds, and what only all of them together can tell:
    /// which runs are gone.
    /// - Throws: `HostError` where the plan has no backup, or this host cannot read any storage.
    public func runs(
        of plan: ResolvedPlan, secrets: Secrets, limit: Int, before end: BackupRunID? = nil, now: Timestamp? = nil
    ) async throws(HostError) -> KnownRuns {
        var known = KnownRuns()
        var listing = RunListing()
        for archive in try await archivesByAllNames(of: plan, secrets: secrets)
        where known.unread[archive.store.name] == nil {
            do throws(HostError) {
                known.found += try await runs(in: archive, limit: limit, before: end, &listing)
            } catch {
                guard !error.isInterruption else { throw error }
                known.unread[archive.store.name] = error
            }
        }
        let chain = RunChain.read(of: plan, stateDirectory: host.configuration.stateDirectory)
        if now != nil, end == nil {
            let gone = try await listing.gone(of: plan.host, as: chain)
            known.gone = gone.filter { known.unread[$0.key] == nil && plan.backup?.targets[$0.key] != nil }
        }
        if let now, known.unread.isEmpty {
            if end == nil { known.lost = newestLost(listing, known, plan, chain) }
            for index in known.found.indices {
                guard case .listed(let manifest, _) = known.found[index].state else { continue }
                known.found[index].lost = try await listing.lostRun(before: manifest, of: plan, now: now)?.run
            }
        }
        known.found.sort { ($0.run, $0.host, $0.target) > ($1.run, $1.host, $1.target) }
        return known
    }

    /// What a recovery would not take for the newest run, without a word of any run that is left.
    private func newestLost(
        _ listing: RunListing, _ known: KnownRuns, _ plan: ResolvedPlan, _ chain: RunChain
    ) -> LostRun? {
        let valid = known.found.filter { if case .listed = $0.state { true } else { false } }.map(\.run).max()
        let delivered = chain.newest(at: plan.backup?.targets ?? [:])
        return LostRun.newer(than: valid, known: delivered, of: plan.host, listed: listing.runs(of: plan.host))
    }

    private func runs(
        in archive: BackupArchive, limit: Int, before end: BackupRunID?, _ listing: inout RunListing
    ) async throws(HostError) -> [KnownRun] {
        let entries = try await archive.listing()
        let candidates = RestoreCandidate.all(in: archive, entries)
        let files = Dictionary(candidates.map { ($0.place, $0) }) { first, _ in first }
        listing.add(candidates, of: archive)
        let places = BackupArchive.places(in: entries).filter { place in end.map { place.run < $0 } ?? true }
        var known: [KnownRun] = []
        for place in places.prefix(limit) {
            known.append(
                KnownRun(
                    target: archive.store.name, stack: archive.stack, host: place.host, run: place.run,
                    state: try await state(of: place, in: archive, files[place])))
        }
        return known
    }

    /// A run that cannot be read in a storage that answers is one that is named, and no reason to tell nothing of the others.
    private func state(
        of place: BackupArchive.Place, in archive: BackupArchive, _ files: RestoreCandidate?
    ) async throws(HostError) -> KnownRun.State {
        do throws(HostError) {
            return switch try await archive.finding(at: place, listed: files?.files ?? [:]) {
            case .valid(let manifest, _): .listed(manifest, missing: files?.missingParts(of: manifest) ?? [])
            case .unfinished: .unfinished
            case .invalid(let reason): .invalid(reason)
            }
        } catch {
            guard !error.isInterruption, (try? await archive.store.check()) != nil else { throw error }
            return .invalid("it cannot be read: \(error.message)")
        }
    }

    /// Reads a run back from its storage, every byte of it: what is wrong with it, in words.
    public func verify(
        _ known: KnownRun, of plan: ResolvedPlan, secrets: Secrets
    ) async throws(HostError) -> [String] {
        switch known.state {
        case .unfinished: return ["its upload was not finished"]
        case .invalid(let reason): return [reason]
        case .listed(let manifest, _):
            guard
                let archive = try await archivesByAllNames(of: plan, secrets: secrets).first(where: {
                    $0.store.name == known.target && $0.stack == known.stack
                })
            else { return ["the plan has no target '\(known.target)'"] }
            var problems = [manifest.gap].compactMap(\.self)
            for (name, volume) in manifest.volumes.sorted(by: { $0.key < $1.key }) {
                problems += try await self.problems(of: name.description, volume, known, in: archive)
            }
            return problems
        }
    }

    private func problems(
        of name: String, _ volume: VolumeArchive, _ known: KnownRun, in archive: BackupArchive
    ) async throws(HostError) -> [String] {
        let streams = volume.streams(of: known.run)
        func path(_ stream: BackupStream, _ part: BackupPart) -> String {
            "\(archive.path(of: .init(host: known.host, run: stream.run)))/\(part.name)"
        }
        let identities = volume.isEncrypted ? (try? identity.identities()) ?? [] : []
        if !volume.isEncrypted || !identities.isEmpty {
            let reading = StreamReading(
                host: host, store: archive.store, identities: identities, name: name, content: volume.content,
                streams: streams.map { stream in stream.parts.map { (path(stream, $0), $0.sha256.description) } })
            switch try await reading.run() {
            case .sound: return []
            case .unsound(let problem): return [problem]
            // Of what others are to open the sums are all that can be looked at.
            case .damaged, .closed: break
            }
        }
        var problems: [String] = []
        for stream in streams {
            for part in stream.parts {
                if let problem = try await problem(with: part, at: path(stream, part), in: archive.store) {
                    problems.append(stream.run == known.run ? problem : "run \(stream.run): \(problem)")
                }
            }
        }
        return problems
    }

    /// Those of `archives`, then those under the name that the stack had before.
    func archivesByAllNames(of plan: ResolvedPlan, secrets: Secrets) async throws(HostError) -> [BackupArchive] {
        let own = try await archives(of: plan, secrets: secrets)
        guard let former = plan.formerly else { return own }
        return own
            + own.map { $0.named(former) }
    }

    /// One for each target of the plan, by name.
    func archives(of plan: ResolvedPlan, secrets: Secrets) async throws(HostError) -> [BackupArchive] {
        guard let backup = plan.backup else { throw HostError.noBackupSection }
        var archives: [BackupArchive] = []
        for (name, target) in backup.targets.sorted(by: { $0.key < $1.key }) {
            let store = try await BackupStore(
                name: name, target: target, secrets: secrets, configuration: host.configuration)
            archives.append(BackupArchive(store: store, of: plan, on: host))
        }
        return archives
    }

    private func problem(
        with part: BackupPart, at path: String, in store: BackupStore
    ) async throws(HostError) -> String? {
        let command = Command(
            try host.command("bash"),
            ["-c", #"set -o pipefail; "$@" | sha256sum"#, "bash"] + store.launcher + ["cat", store.remotePath(path)],
            environment: store.environment, deadline: .seconds(24 * 3600))
        do {
            let sum = try await command.run().text.prefix(64)
            return sum == part.sha256.description ? nil : "'\(part.name)' is not what was uploaded"
        } catch {
            if error.tail.contains("not found") { return "'\(part.name)' is missing" }
            throw HostError("cannot read '\(path)': \(store.redacted(error.tail))", disposition: .transient)
        }
    }
}

extension HostError {
    static let noBackupSection = HostError(
        "the plan has no 'backup'", hint: "add it to 'plan.json'; see docs/backup.md")

    static func unknownTarget(_ name: String, of plan: ResolvedPlan) -> HostError {
        let known = (plan.backup?.targets ?? [:]).keys.sorted().quoted
        return HostError(
            "the plan has no backup target '\(name)'", hint: "its targets are \(known)")
    }
}
