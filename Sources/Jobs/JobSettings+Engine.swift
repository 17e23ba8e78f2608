internal import Model

extension JobSettings {
    /// The engine, as the scripts call it and ask what it does.
    mutating func set(engine: EngineProgram) {
        let traits = engine.product.traits
        set("ENGINE", engine.name)
        set("ENGINE_ENVIRONMENT", engine.environment.map { "\($0)=\($1)" }.sorted())
        set("ENGINE_LEAVES_LOGS", traits.leavesLogsToGrow ? "yes" : "no")
        set("ENGINE_IS_ELSEWHERE", traits.networks.mayLieElsewhere ? "yes" : "no")
        set("ENGINE_LEADS_BY_PROGRAM", traits.networks.leadsByProgram ? "yes" : "no")
        set("ENGINE_REWRITES_RULES", traits.networks.rewritesRules ? "yes" : "no")
        setNetworks()
    }

    /// What `port-rules.bash` knows networks and rules of engines by: of every one, since several may be on the host.
    mutating func setNetworks() {
        let networks = EngineProduct.allCases.map(\.traits.networks)
        set("ENGINE_INTERFACES", networks.flatMap(\.interfacePatterns).joined(separator: "|"))
        set("ENGINE_BRIDGES", networks.flatMap(\.interfaceBeginnings).joined(separator: "|"))
        set("ENGINE_CHAINS", networks.flatMap(\.chains).joined(separator: "|"))
        set("OWNERS_CHAINS", networks.flatMap(\.ownersChains).joined(separator: "|"))
    }
}

extension EngineTraits.Networks {
    fileprivate var interfaceBeginnings: [String] { interfaces + [numberedBridges?.prefix].compactMap(\.self) }

    /// Not every awk can count, as `{12}` would have it.
    fileprivate var interfacePatterns: [String] {
        let bridges = numberedBridges.map { $0.prefix + String(repeating: "[0-9a-f]", count: $0.digits) + "$" }
        return interfaces + [bridges].compactMap(\.self)
    }
}
