/// The engine's command line program, as cron jobs call it when Fairlead is not there.
public struct EngineProgram: Sendable {
    /// Whose program it is.
    public var product: EngineProduct
    /// By which it is found.
    public var name: String
    /// Beside a plain one.
    public var environment: [String: String]

    /// Beside `environment`, where the engine's service shall do the work: Fairlead's own unit may not enter a container
    /// or change a control group.
    public var service: [String: String]

    /// `name`: other than the product's own in tests.
    public init(
        of product: EngineProduct = .presumed, name: String? = nil, environment: [String: String] = [:],
        service: [String: String] = [:]
    ) {
        self.product = product
        self.name = name ?? product.traits.program.name
        self.environment = environment
        self.service = service
    }

    /// That of `product`, whose service listens on `socket`: one that needs its service is told of it in any case.
    public init(of product: EngineProduct, environment: [String: String], socket: String) {
        let program = product.traits.program
        let address = [program.address: "unix://\(socket)"]
        self.init(
            of: product, environment: program.needsService ? environment.merging(address) { $1 } : environment,
            service: program.needsService ? [:] : address)
    }
}
