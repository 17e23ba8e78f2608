public import Files
public import Model

extension HostSystem {
    /// Writes mounted secrets to `RUNTIME/secrets/CONTAINER`, with owner (default `0:0`, as the container sees it) and mode
    /// (default `0400`), and removes those that the plan no longer mounts. Returns the host path by container and target.
    ///
    /// A file that is as it should be stays the same file. After a reboot they are gone and have to be written again.
    public func writeSecretFiles(
        for plan: ResolvedPlan, secrets: Secrets
    ) async throws(HostError) -> [String: [String: String]] {
        var wanted: [String: [SecretFiles.File]] = [:]
        let ranges = plan.idRanges
        for (name, container) in plan.containers {
            wanted[name] = try SecretFiles.files(
                of: container, named: name, secrets: secrets, ids: ranges[name])
        }
        let files = SecretFiles(directory: configuration.runtimeDirectory + "/secrets")
        return try await BlockingWork.run("write the secret files") { [wanted] () throws(HostError) in
            try files.write(wanted)
        }
    }
}
