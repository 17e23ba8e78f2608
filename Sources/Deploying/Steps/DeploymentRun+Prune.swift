internal import Planning

extension DeploymentRun {
    /// Drops the images and the vendor's files of older versions, and old working trees. Runs after the health gate, so it costs no downtime;
    /// a failure costs disk space only.
    func prune(keeping state: DeployedState) async {
        do {
            let kept = Set(state.images.values.map(\.id))
            let own = try await ports.ledger.imagesOnStableStorage()
            let candidates = options.exclusive ? Set(try await ports.images.images().map(\.id)) : own
            let unused = candidates.subtracting(kept)
            // Forgotten first: one that is pulled again has the same id, and is not on stable storage before the next sync.
            try await ports.ledger.forgetImages(unused.intersection(own))
            for image in unused.sorted() { try await ports.images.removeImage(image, force: false) }
            // A container that was not replaced still mounts the files of the commit that made it.
            let standing = try await ports.containers.containers(label: FairleadLabel.stack, value: nil)
            let commits = standing.compactMap { $0.labels[FairleadLabel.commit].flatMap(CommitID.init) }
            try await ports.trees.keepOnly(Set(commits).union([state.commit]))
            let plan = state.desired.plan
            try await ports.releases.keepReleaseFiles(of: plan.mountsRelease ? [plan.version] : [])
        } catch {
            ports.observer.deployment(.note("old images were not all removed: \(error)"))
        }
    }
}
