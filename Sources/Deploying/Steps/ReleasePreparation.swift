internal import Model

/// Brings what containers mount of the vendor's release, before anything of the running stack is touched.
struct ReleasePreparation: Sendable {
    let run: DeploymentRun

    /// For the containers `names` of `plan`; a newer commit ends it.
    func prepare(_ names: Set<String>, of plan: ResolvedPlan, secrets: Secrets) async throws {
        guard plan.mountsRelease else { return }
        run.options.checkpoint("before release files")
        let result = await run.preemptible {
            try await run.ports.releases.prepareReleaseFiles(for: names, of: plan, secrets: secrets) {
                run.ports.observer.deployment(.note(secrets.telling($0)))
            }
        }
        try Task.checkCancellation()
        try result.get()
        run.options.checkpoint("after release files")
    }
}
