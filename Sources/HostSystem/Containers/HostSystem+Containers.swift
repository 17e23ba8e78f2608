public import Files
internal import FoundationEssentials
public import Model

extension HostSystem {
    /// The limits that the kernel holds the container to; a limit that there is none of is `nil`. `nil` when unknown.
    ///
    /// Read from the kernel, since engines do not tell all of it: Podman 4 changes a limit without a word and without
    /// noting it.
    public func limits(of container: ContainerStatus) -> ResourcePlan? { group(of: container)?.limits }

    /// What the container holds of memory; `nil` when unknown.
    public func memoryInUse(by container: ContainerStatus) -> ByteCount? { group(of: container)?.memoryInUse }

    /// What further programs can have of memory; `nil` when unknown.
    public func availableMemory() -> ByteCount? {
        let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { ByteCount(bytes: $0 * 1024) }
    }

    private func group(of container: ContainerStatus) -> ControlGroup? {
        guard let process = container.process,
            let text = try? String(contentsOfFile: "/proc/\(process)/cgroup", encoding: .utf8)
        else { return nil }
        return ControlGroup(membership: text, container: container.id)
    }

    /// The containers, by their names in the plan, that the health check restarted in vain and leaves alone now.
    public func containersGivenUp() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: healthMarks)) ?? []
        return Set(names.filter { FileManager.default.fileExists(atPath: giveUpMark(of: $0)) })
    }

    /// Lets the health check restart the container again, with counts from zero.
    public func takeUpAgain(_ container: String) throws(HostError) { try AtomicFile.remove(giveUpMark(of: container)) }

    private var healthMarks: String { "\(configuration.stateDirectory)/jobs/health" }

    /// Written by the health check's script, which works without Fairlead.
    private func giveUpMark(of container: String) -> String { "\(healthMarks)/\(container)/gave-up" }
}
