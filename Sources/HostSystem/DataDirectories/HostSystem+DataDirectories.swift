public import Files
public import Model

extension HostSystem {
    /// Creates the data directories that are missing, with owner (default `0:0`) and mode (default `0700`), synced;
    /// existing ones are not touched (S7). Returns the paths of those it created.
    ///
    /// Something else in a directory's place, a symlink too, is an error and nothing is created. So is a host path that is
    /// not, or no longer, what it says.
    public func createDataDirectories(for plan: ResolvedPlan) async throws(HostError) -> [String] {
        let directories = dataDirectories(of: plan.stack)
        let wanted = DataDirectories.wanted(by: plan)
        let mark = configuration.mark
        return try await BlockingWork.run("create the data directories") { () throws(HostError) in
            try checkHostPaths(of: plan)
            let created = try directories.create(wanted)
            // Else a disk that moves before the next start of the daemon could not be told from this machine's.
            if let mark, try MachineMark.read(ofDataRoot: directories.root) == nil {
                try mark.write(toDataRoot: directories.root)
            }
            return created
        }
    }

    /// Where a volume of `plan` lies on the host.
    public func directory(of volume: VolumePlan, in plan: ResolvedPlan) -> String {
        switch volume.source {
        case .data(let name): "\(dataDirectories(of: plan.stack).stackDirectory)/\(name)"
        case .path(let path): path
        case .release(let path):
            KeptRelease(of: plan.version, stateDirectory: configuration.stateDirectory).place(of: path)
        }
    }

    package func dataDirectories(of stack: String) -> DataDirectories {
        DataDirectories(
            root: configuration.dataRoot, stack: stack, requiresMount: configuration.requiresMountedDataRoot)
    }
}
