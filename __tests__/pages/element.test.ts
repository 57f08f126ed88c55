import { element, toHtml } from '../../src/pages/element.js';
import { embed } from '../../src/pages/frame.js';
import { prose } from '../../src/pages/prose.js';
import { HOSTILE } from '../report/hostile.js';
import { draws, fc } from '../properties.js';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE));

describe('toHtml', () => {
  test('writes elements, attributes, and attributes without a value', () => {
    const tree = element('p', { class: 'note', hidden: true, id: undefined, 'data-n': 0 }, 'a', [
      element('br'),
      'b',
    ]);
    expect(toHtml(tree)).toBe('<p class="note" hidden data-n="0">a<br>b</p>');
  });

  test('lets no text become markup, neither between tags nor in an attribute', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const html = toHtml(element('p', { title: hostile }, hostile));
        expect(html.match(/[<>]/g)).toHaveLength(4);
        expect(html.match(/"/g)).toHaveLength(2);
        expect(html).not.toContain("'");
      }),
      { numRuns: draws(500) },
    );
  });
});

describe('embed', () => {
  test('returns the embedded data unchanged, and the data cannot end an element', () => {
    fc.assert(
      fc.property(fc.array(text), (values) => {
        const json = embed(values);
        expect(json).not.toMatch(/[<>]/);
        expect(JSON.parse(json)).toEqual(values);
      }),
      { numRuns: draws(500) },
    );
  });
});

describe('prose', () => {
  test('supports paragraphs, lists, code and bold', () => {
    expect(toHtml(prose('One **two** `three`.\n\n- four\n- `five`\n\nsix'))).toBe(
      '<p>One <strong>two</strong> <code>three</code>.</p><ul class="plain"><li>four</li><li><code>five</code></li></ul><p>six</p>',
    );
  });

  test('reads no markup inside code', () => {
    expect(toHtml(prose('`**a** <b>`'))).toBe('<p><code>**a** &lt;b&gt;</code></p>');
  });

  test('keeps everything else as text', () => {
    expect(toHtml(prose('<sub>[a](https://b.test) <i>c</i></sub>'))).toBe(
      '<p>[a](https://b.test) &lt;i&gt;c&lt;/i&gt;</p>',
    );
  });
});
