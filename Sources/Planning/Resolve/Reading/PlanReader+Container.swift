internal import Model

extension PlanReader {
    func container(_ cursor: PlanCursor) throws -> ContainerPlan {
        var plan = ContainerPlan(image: try image(cursor))
        plan.entrypoint = cursor["entrypoint"]?.texts
        plan.command = cursor["command"]?.texts
        plan.environment = environment(cursor["environment"])
        readDependencies(cursor["dependsOn"]?.elements ?? [], into: &plan)
        plan.ports = cursor["ports"]?.elements.compactMap { $0.written() } ?? []
        plan.health = cursor["health"]?.health()
        plan.liveness = cursor["liveness"]?.liveness()
        plan.resources = resources(cursor["resources"])
        plan.stopTimeout = cursor["stopTimeout"]?.written() ?? plan.stopTimeout
        try readMounts(cursor, into: &plan)
        plan.logs = cursor["logs"].flatMap(logs)
        readSurroundings(cursor, into: &plan)
        return plan
    }

    /// Each is a name, or an object with the name in it.
    private func readDependencies(_ dependencies: [PlanCursor], into plan: inout ContainerPlan) {
        plan.dependsOn = dependencies.compactMap { $0.value.object == nil ? $0.text : $0["container"]?.text }
        let restarting = dependencies.filter { $0.value.object != nil && $0["restartWith"]?.flag == true }
            .compactMap { $0["container"]?.text }
        plan.restartWith = restarting.isEmpty ? nil : restarting
    }

    private func readMounts(_ cursor: PlanCursor, into plan: inout ContainerPlan) throws {
        plan.volumes = cursor["volumes"]?.elements.map(volume) ?? []
        plan.files = try cursor["files"]?.elements.map(file) ?? []
        plan.secretFiles = cursor["secretFiles"]?.elements.map(secretFile) ?? []
        plan.tmpfs = cursor["tmpfs"]?.texts ?? []
    }

    private func readSurroundings(_ cursor: PlanCursor, into plan: inout ContainerPlan) {
        plan.`init` = cursor["init"]?.flag ?? plan.`init`
        plan.user = cursor["user"]?.text
        plan.workingDirectory = cursor["workingDirectory"]?.text
        plan.hostname = cursor["hostname"]?.text
        plan.capabilities = CapabilityPlan(
            add: cursor["capabilities"]?["add"]?.texts ?? [], drop: cursor["capabilities"]?["drop"]?.texts ?? [])
        plan.privileged = cursor["privileged"]?.flag ?? false
        // Left out where it says what is the default: no digest changes by writing it down.
        plan.allowPrivilegeEscalation = cursor["allowPrivilegeEscalation"]?.flag == true ? true : nil
        plan.userns = cursor["userns"]?.text == UserNamespace.private.rawValue ? .private : nil
        plan.readOnly = cursor["readOnly"]?.flag ?? false
        for (name, label) in cursor["labels"]?.members ?? [] { plan.labels[name] = label.text }
    }

    private func environment(_ cursor: PlanCursor?) -> [String: SecretText] {
        Dictionary(
            uniqueKeysWithValues: (cursor?.members ?? []).map { ($0, SecretText(source: $1.text ?? "")) })
    }

    private func logs(_ cursor: PlanCursor) -> ContainerLogPlan? {
        cursor["driver"]?.choice().map { ContainerLogPlan(driver: $0, maximum: cursor["maximum"]?.written()) }
    }

    private func resources(_ cursor: PlanCursor?) -> ResourcePlan {
        ResourcePlan(
            memory: cursor?["memory"]?.written(), cpus: cursor?["cpus"]?.number,
            pids: cursor?["pids"]?.integer.map(Int64.init))
    }
}
