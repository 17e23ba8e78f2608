internal import Model

extension DeploymentRun {
    /// Drops old copies of the data, and the images, the vendor's files and the working trees of versions that neither run
    /// nor can be brought back with such a copy. Runs after the health gate, so it costs no downtime;
    /// a failure costs disk space only.
    func prune(keeping state: DeployedState) async {
        do {
            let before = try await SnapshotKeeper(run: self).prune().compactMap(\.state)
            let kept = Set((before + [state]).flatMap { $0.images.values.map(\.id) })
            let own = try await ports.ledger.imagesOnStableStorage()
            let candidates = options.exclusive ? Set(try await ports.images.images().map(\.id)) : own
            let unused = candidates.subtracting(kept)
            // Forgotten first: one that is pulled again has the same id, and is not on stable storage before the next sync.
            try await ports.ledger.forgetImages(unused.intersection(own))
            for image in unused.sorted() { try await ports.images.removeImage(image, force: false) }
            // A container that was not replaced still mounts the files of the commit that made it.
            let standing = try await ports.containers.containers(label: FairleadLabel.stack, value: nil)
            let commits = standing.compactMap { $0.labels[FairleadLabel.commit].flatMap(CommitID.init) }
            try await ports.trees.keepOnly(Set(commits + before.map(\.commit) + [state.commit]))
            let plans = (before + [state]).map(\.desired.plan)
            try await ports.releases.keepReleaseFiles(of: Set(plans.filter(\.mountsRelease).map(\.version)))
        } catch {
            ports.observer.deployment(.note("old images were not all removed: \(error)"))
        }
        await keepMounts(of: state.desired.plan)
    }

    /// Of `plan`, which counts as deployed: what only another plan has mounted for its backups is taken back.
    func keepMounts(of plan: ResolvedPlan?) async {
        do {
            try await ports.settings.keepMounts(of: plan)
        } catch {
            ports.observer.deployment(.note("a mount is not taken back: \(request.secrets.telling("\(error)"))"))
        }
    }
}
