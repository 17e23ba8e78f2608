public import Model
internal import Processes

extension HostSystem {
    /// Asks `container`, which is inspected while it runs, from within its own network: for one that the host has no way to.
    /// What counts as healthy is the same as for every check.
    public func probe(
        _ check: HealthCheck, inNetworkOf container: ContainerStatus, timeout: PlanDuration
    ) async -> ProbeResult {
        guard let process = container.process, let address = container.address else {
            return .unhealthy("the container has no address; it does not run")
        }
        do {
            switch check {
            case .command: return .unhealthy("a command is run by the engine")
            case .off: return .healthy
            case .http(let http): return try await get(http, process, address, timeout)
            case .tcp(let port):
                let script = ["-c", #"exec 3<>"/dev/tcp/$0/$1""#, address, "\(port)"]
                let result = try await enter(process, try command("bash"), script, timeout)
                let reason = result.errorTail.split(separator: ":").last.map { $0.drop { $0 == " " } } ?? ""
                return result.status == 0 ? .healthy : .unhealthy(reason.split(whereSeparator: \.isNewline).joined())
            }
        } catch let error as CommandFailure where error.isDeadline {
            return .unhealthy("no answer within \(timeout)")
        } catch {
            return .unhealthy("\(error)")
        }
    }

    private func get(
        _ check: HTTPCheck, _ process: Int32, _ address: String, _ timeout: PlanDuration
    ) async throws -> ProbeResult {
        let path = check.path.hasPrefix("/") ? check.path : "/" + check.path
        let url = "\(check.tls ? "https" : "http")://\(address):\(check.port)\(path)"
        // Only the status counts. The full device ends the transfer of a body, be it endless, at its first bytes.
        let arguments = [
            "--disable", "--globoff", "--path-as-is", "--silent", "--insecure", "--noproxy", "*", "--user-agent",
            "fairlead", "--header", "Connection: close", "--output", "/dev/full", "--write-out",
            "%{http_code} %{errormsg}", url,
        ]
        let answer = try await enter(process, try command("curl"), arguments, timeout).text.split(separator: " ")
        switch answer.first.flatMap({ Int($0) }) {
        case .some(200..<400): return .healthy
        case .some(0), nil: return .unhealthy(answer.dropFirst().joined(separator: " "))
        case .some(let status): return .unhealthy("status \(status)")
        }
    }

    private func enter(
        _ process: Int32, _ program: String, _ arguments: [String], _ timeout: PlanDuration
    ) async throws -> CommandResult {
        let words = try UnconfinedProgram(self).words(
            [try command("nsenter"), "--net=/proc/\(process)/ns/net", program] + arguments,
            needing: .systemAdministration, within: timeout.duration)
        return try await Command(words[0], Array(words.dropFirst()), deadline: timeout.duration).runToEnd()
    }
}

extension CommandFailure {
    fileprivate var isDeadline: Bool { if case .deadline = reason { true } else { false } }
}
