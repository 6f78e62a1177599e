/**
 * Between a page and its server: lets everything through until it is told to lose answers and news on the way to the page,
 * and sends what the page itself would be too slow for. The page is loaded anew.
 */
export async function tapWire(person) {
  let server;
  let upgraded;
  const wire = {
    losesAnswers: false,
    upgraded: new Promise((resolve) => (upgraded = resolve)),
    /** Sends a packet of Engine.IO, as if the page had; once `upgraded` is. */
    send: (packet) => server.send(packet),
  };
  await person.page.routeWebSocket(/\/socket\.io\//, (page) => {
    server = page.connectToServer();
    page.onMessage((data) => {
      server.send(data);
      // The end of the upgrade from long polling: from here on everything comes through here.
      if (data === "5") upgraded();
    });
    server.onMessage((data) => {
      const isAnswer = /^43|^42\["newMessage"/.test(String(data));
      if (!(wire.losesAnswers && isAnswer)) page.send(data);
    });
  });
  await person.page.reload();
  return wire;
}
