internal import Model

extension PlanDraft {
    func checkSurroundings(of container: PlacedContainer) {
        checkEnvironment(of: container)
        checkNames(of: container)
        checkCapabilities(of: container)
        checkLabels(of: container)
        for (field, words) in [("entrypoint", container.plan.entrypoint), ("command", container.plan.command)]
        where words?.first == "" {
            log.error(
                "\(field) begins with an empty word", at: "\(container.pointer)/\(field)/0",
                hint: "write the program first, or leave '\(field)' out")
        }
    }

    /// Some steer programs, of whichever engine is on the host.
    private func checkLabels(of container: PlacedContainer) {
        for name in container.plan.labels.keys.sorted() {
            let pointer = JSONPointer.child(name, of: "\(container.pointer)/labels")
            if name.hasPrefix("io.fairlead.") {
                log.error(
                    "label '\(name)' belongs to fairlead", at: pointer,
                    hint: "choose a name that does not begin with 'io.fairlead.'")
            } else if EngineProduct.allCases.contains(where: { $0.traits.hasTool(for: name) }) {
                log.error(
                    "label '\(name)' belongs to the engine", at: pointer,
                    hint: "remove it: it makes programs of the host act on the container, or on a unit of systemd")
            }
        }
    }

    private func checkEnvironment(of container: PlacedContainer) {
        for name in container.plan.environment.keys.sorted()
        where name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.-]*/) == nil {
            log.error(
                "'\(name)' cannot be the name of an environment variable",
                at: JSONPointer.child(name, of: "\(container.pointer)/environment"),
                hint: "use letters, digits and '_', and no digit first")
        }
    }

    private func checkNames(of container: PlacedContainer) {
        if let hostname = container.plan.hostname, !Self.isHostname(hostname) {
            log.error(
                "'\(hostname)' is not a host name", at: "\(container.pointer)/hostname",
                hint: "use letters, digits and '-' in parts joined by '.', at most 64 characters")
        }
        if let user = container.plan.user,
            user.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?/) == nil
        {
            log.error(
                "'\(user)' is not a user", at: "\(container.pointer)/user",
                hint: "write USER or USER:GROUP, as names or numbers")
        }
        if let directory = container.plan.workingDirectory, !directory.hasPrefix("/") {
            log.error(
                "working directory '\(directory)' is not absolute", at: "\(container.pointer)/workingDirectory",
                hint: "begin it with '/'")
        }
    }

    static func isHostname(_ name: String) -> Bool {
        name.count <= 64
            && name.wholeMatch(
                of: /[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*/)
                != nil
    }

    private func checkCapabilities(of container: PlacedContainer) {
        let capabilities = container.plan.capabilities
        for (list, names) in [("add", capabilities.add), ("drop", capabilities.drop)] {
            for (index, name) in names.enumerated() {
                guard let problem = LinuxCapability.problem(with: name) else { continue }
                log.error(problem.message, at: "\(container.pointer)/capabilities/\(list)/\(index)", hint: problem.hint)
            }
        }
        for name in Set(capabilities.add).intersection(capabilities.drop).sorted() {
            log.error(
                "capability '\(name)' is added and dropped", at: "\(container.pointer)/capabilities",
                hint: "remove it from one of the lists")
        }
    }
}
