internal import Glibc
internal import Model
internal import Processes

/// The programs that are needed, as far as the configuration needs them.
struct ToolChecks {
    let configuration: VSNConfiguration
    let engine: EngineTraits

    var checks: [HostCheck] {
        var checks = [tool("sync", for: "stable storage", package: "coreutils")]
        let program = engine.program
        if program.needsPackages {
            checks += [tool(program.name, for: "the containers", package: program.name), initProgram]
        }
        if usesSSH { checks.append(tool("ssh", for: "ssh:// repositories", package: "openssh-client")) }
        if configuration.ageIdentity != nil { checks.append(tool("age", for: "secrets.json.age", package: "age")) }
        return checks
    }

    private var usesSSH: Bool {
        ([configuration.repository.url] + configuration.repository.fallbackUrls).contains {
            $0.hasPrefix("ssh://") || $0.wholeMatch(of: /[^\/:]+@[^\/:]+:.*/) != nil
        }
    }

    private func tool(_ name: String, for purpose: String, package: String) -> HostCheck {
        if let path = Command.find(name) { return .ok(name, path) }
        return .fail(name, "not installed; needed for \(purpose)", "apt-get install \(package)")
    }

    /// Where it is looked for differs between versions of the engine.
    private var initProgram: HostCheck {
        let (name, places) = (engine.initProgram.name, engine.initProgram.paths)
        if let path = places.first(where: { access($0, X_OK) == 0 }) ?? Command.find(name) { return .ok(name, path) }
        return .fail(name, "not installed; without it containers ignore the stop signal", "apt-get install \(name)")
    }
}

/// Who runs this process.
enum HostUser {
    static var check: HostCheck {
        geteuid() == 0 ? .ok("user", "root") : .fail("user", "not root", "run it as root, or with sudo")
    }
}
