internal import Files
internal import HostSystem
internal import Model

extension RestoreSearch {
    /// The run by which the successor of `manifest` shows that it had the stack before that last backup was made: of a
    /// host that was away meanwhile, or whose clock is ahead. What it holds would stand before what was written since.
    func runOfSuccessor(
        before manifest: BackupManifest, among candidates: [RestoreCandidate]
    ) async throws(HostError) -> BackupRunID? {
        guard let successor = manifest.successor, try pinnedRun() == nil else { return nil }
        for candidate in candidates where candidate.place.host == successor.host {
            let run = candidate.place.run
            guard run < manifest.run, manifest.previous.map({ $0.run < run }) ?? true,
                let finding = try? await candidate.archive.finding(at: candidate.place, listed: candidate.files),
                case .valid(let own, _) = finding, own.plan.replaces == manifest.host.description
            else { continue }
            return run
        }
        return nil
    }

    /// A directory that has gone holds no run, which is not to be taken for a stack that was never saved.
    func checkThatItIsThere(_ name: String, _ target: BackupTarget) throws(HostError) {
        guard case .directory(let path, _) = target.store,
            let run = BackupState.read(stateDirectory: restore.host.configuration.stateDirectory).targets[name]?.run,
            try FileStatus.at(path, followingLinks: true).kind == .missing
        else { return }
        throw HostError(
            "'\(path)' is not there, although run \(run) was brought to it",
            hint: "mount what it lies on, or bring it back; without it, begin with empty data: \"restore\": \"never\"",
            disposition: .transient)
    }
}
