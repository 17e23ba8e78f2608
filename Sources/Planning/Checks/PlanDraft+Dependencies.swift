internal import Model

extension PlanDraft {
    func checkDependencies() {
        for container in containers {
            for (index, name) in container.plan.dependsOn.enumerated() {
                let pointer = "\(container.pointer)/dependsOn/\(index)"
                checkDependency(of: container, on: name, at: pointer)
                guard container.plan.dependsOn.prefix(index).contains(name) else { continue }
                log.error("'\(name)' stands twice in the list", at: pointer, hint: "remove one of the two")
            }
        }
        let others = plan.containers.mapValues { $0 }.map { name, container in
            (name, container.dependsOn.filter { $0 != name })
        }
        guard let cycle = DependencyGraph(Dictionary(uniqueKeysWithValues: others)).cycle() else { return }
        let pointer = JSONPointer.child(cycle[0], of: "/containers") + "/dependsOn"
        log.error(
            "containers wait for each other: \(cycle.joined(separator: " -> "))", at: pointer,
            hint: "remove one of these dependencies")
    }

    private func checkDependency(of container: PlacedContainer, on name: String, at pointer: String) {
        if name == container.name {
            log.error("'\(name)' depends on itself", at: pointer, hint: "remove it from 'dependsOn'")
        } else if inactive.contains(name) {
            log.error(
                "'\(container.name)' depends on '\(name)', which is not active", at: pointer,
                hint: "activate '\(name)', or remove it from 'dependsOn'")
        } else if plan.containers[name] == nil {
            log.error(
                "'\(container.name)' depends on '\(name)', which is no container", at: pointer,
                hint: containerHint(name))
        }
    }
}
