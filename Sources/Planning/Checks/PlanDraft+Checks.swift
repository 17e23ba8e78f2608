internal import Model

extension PlanDraft {
    /// Everything beyond the shape, in no particular order: problems are sorted by line in the end.
    /// Throws what the repository throws.
    func check(policy: VSNPolicy?) throws {
        try checkSuccession()
        try checkHostKey()
        checkStack()
        checkNetwork()
        checkHost()
        checkJournal()
        checkHotfixes()
        checkTexts()
        guard isOfReasonableSize else { return }
        checkDependencies()
        checkPorts()
        checkDataDirectories()
        ReleaseVolumeChecks(draft: self).run()
        UserNamespaceChecks(draft: self).run()
        checkFormerNames()
        for container in containers {
            checkMounts(of: container)
            checkLimits(of: container)
            checkLogs(of: container)
            checkHealth(of: container)
            checkSurroundings(of: container)
        }
        if let policy {
            log.add(policy.problems(of: plan))
            log.add(try BuildBaseCheck(policy: policy, repository: repository).problems(of: plan))
        }
        checkRegistries()
    }

    private static let mostParts = 2000

    /// Everything is compared with everything of its kind: a hostile plan must not keep a host busy for hours.
    private var isOfReasonableSize: Bool {
        let parts = plan.containers.values.reduce(plan.containers.count) { count, container in
            count + container.volumes.count + container.files.count + container.secretFiles.count
                + container.tmpfs.count + container.ports.count + container.dependsOn.count
        }
        guard parts > Self.mostParts else { return true }
        log.error(
            "the plan has \(parts) containers, mounts, ports and dependencies", at: "/containers",
            hint: "write at most \(Self.mostParts)")
        return false
    }

    struct PlacedContainer {
        let name: String
        let pointer: String
        let plan: ContainerPlan
    }

    /// The active ones, by name.
    var containers: [PlacedContainer] {
        plan.containers.sorted { $0.key < $1.key }.map { name, plan in
            PlacedContainer(name: name, pointer: JSONPointer.child(name, of: "/containers"), plan: plan)
        }
    }

    /// Engines take these for a way to the network, or have a network of that name: none can be made, which shows when the
    /// stack of before is gone.
    private static let namesOfEngines = EngineProduct.allCases.reduce(into: Set()) {
        $0.formUnion($1.traits.networks.reservedNames)
    }

    private func checkStack() {
        if Self.namesOfEngines.contains(plan.stack) {
            log.error(
                "'\(plan.stack)' cannot be the name of a stack: container engines have networks of that name",
                at: "/stack", hint: "choose another, such as 'acme'")
        }
        if plan.containers.isEmpty, root["containers"]?.value.isObject ?? true {
            log.error(
                "the plan has no active container", at: "/containers",
                hint: "add or activate one; to take the stack down use 'fairlead teardown'")
        }
        for container in containers where plan.stack.count + 1 + container.name.count > 63 {
            log.error(
                "'\(plan.stack)-\(container.name)' is longer than 63 characters", at: container.pointer,
                hint: "shorten the name of the container or of the stack")
        }
    }

    private func checkHotfixes() {
        for (name, cursor) in root["hotfixes"]?.members ?? [] where plan.containers[name] == nil {
            if inactive.contains(name) {
                cursor.error(
                    "the hotfix is for '\(name)', which is not active", hint: "activate it, or remove the hotfix")
            } else {
                cursor.error("the hotfix is for '\(name)', which is no container", hint: containerHint(name))
            }
        }
    }

    func containerHint(_ name: String) -> String {
        Suggestion.closest(to: name, among: plan.containers.keys.sorted()).map { "did you mean '\($0)'?" }
            ?? "the containers are \(plan.containers.keys.quotedList)"
    }
}
